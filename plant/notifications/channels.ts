/** The channels of a plant: settings that are shown, credentials that never are, and whether one fails at present. */
import type { Channel } from '../../domain/notifications/notice.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { listDocuments, lockDocument, putDocument } from '../../store/notifications/documents.ts';
import { closeBreaker, loadBreakers } from '../../store/notifications/windows.ts';
import type { Tx } from '../../store/index.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

/** What only the channels themselves know; handed in. */
export interface ChannelActions {
  /** Both as they are kept; throws for a field that does not fit, and for an address that may not be reached. */
  check(channel: Channel, config: JsonObject, secret: JsonObject): { config: JsonObject; secret: Json };
  seal(tx: Tx, tenantId: string, channel: Channel, secret: Json): Promise<void>;
}

export interface ChannelView {
  channel: string;
  config: JsonObject;
  version: number;
  updated_at: string;
  /** A channel that fails again and again is left alone until then. */
  paused_until: string | null;
  failure: string | null;
}

export async function listChannels(deps: Pick<PersonDeps, 'store' | 'tenantId'>): Promise<ChannelView[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const breakers = await loadBreakers(tx, deps.tenantId);
    return (await listDocuments(tx, deps.tenantId, 'channel')).map(
      ({ name, document, version, updatedAt }) => {
        const breaker = breakers.find(({ channel }) => channel === name);
        return {
          channel: name,
          config: document,
          version,
          updated_at: updatedAt.toISOString(),
          paused_until: breaker?.openUntil?.toISOString() ?? null,
          failure: breaker?.reason ?? null,
        };
      },
    );
  });
}

export async function configureChannel(
  deps: PersonDeps & { channels: ChannelActions },
  channel: Channel,
  given: { config: JsonObject; secret: JsonObject },
): Promise<ChannelView> {
  const { config, secret } = deps.channels.check(channel, given.config, given.secret);
  const written = await deps.store.inTenant(deps.tenantId, async (tx) => {
    const before = await lockDocument(tx, deps.tenantId, 'channel', channel);
    const at = instantOf(deps);
    const row = await putDocument(tx, deps.tenantId, {
      kind: 'channel',
      name: channel,
      document: config,
      at,
    });
    await deps.channels.seal(tx, deps.tenantId, channel, secret);
    // New settings deserve a try.
    await closeBreaker(tx, deps.tenantId, channel);
    await audit(deps, tx, {
      action: 'channel.write',
      subject: `channel/${channel}`,
      before: before?.document ?? null,
      after: config,
      at,
    });
    return row;
  });
  return {
    channel,
    config,
    version: written.version,
    updated_at: written.updatedAt.toISOString(),
    paused_until: null,
    failure: null,
  };
}
