/** What the API asks of the channels: whether settings do, and sealing of credentials. */
import { channels } from '../channels/registry.ts';
import { assertHost, assertReachable } from '../connectors/kit/network.ts';
import type { JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { readInput } from '../domain/read-input.ts';
import type { ChannelActions } from '../plant/notifications/channels.ts';
import { saveChannelSecret } from '../store/notifications/documents.ts';
import type { Program } from './wiring.ts';

export function createChannelActions(program: Pick<Program, 'ring' | 'network'>): ChannelActions {
  return {
    check(channel, given, credentials) {
      const config = readInput(channels[channel].config, given) as JsonObject;
      const secret = readInput(channels[channel].secret, credentials) as JsonObject;
      assertAddresses(program, config, 'config');
      assertAddresses(program, secret, 'secret');
      return { config, secret };
    },
    seal: (tx, tenantId, channel, secret) =>
      saveChannelSecret(tx, program.ring, { tenantId, channel }, secret),
  };
}

/** Addresses that may not be reached are refused when they are written; names are judged again when they resolve. */
function assertAddresses({ network }: Pick<Program, 'network'>, values: JsonObject, part: string): void {
  for (const name of ['url', 'apiUrl', 'host']) {
    const value = values[name];
    if (typeof value !== 'string') continue;
    try {
      if (name === 'host') assertHost(value.toLowerCase(), JSON.stringify(values['port'] ?? ''), network);
      else assertReachable(new URL(value), network);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure('invalid_request', `${part}.${name}: ${error.message}`, { path: `${part}.${name}` });
    }
  }
}
