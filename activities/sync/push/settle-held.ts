/**
 * Open conflicts that need no person any more are closed before a push is decided: somebody typed the vendor's value into the
 * hub, or the field's policy decides by now. Without this a vendor that shows nothing new would hold its fields for ever.
 */
import { reviewHeld, type HeldReview } from '../../../domain/merge/held-values.ts';
import { jsonEqual } from '../../../domain/json.ts';
import { changeRecords } from '../../../hub/writer.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Tx } from '../../../store/index.ts';
import type { Link } from '../../../store/links/links.ts';
import { hubWriteOf } from '../context.ts';
import type { EntityWork } from '../entity-work.ts';
import type { PushFacts } from './facts.ts';

interface HeldFacts extends PushFacts {
  hub: HubRecord;
  link: Link;
}

/** The same facts, with what is decided by now as decided. */
export async function settleHeld(
  work: EntityWork,
  tx: Tx,
  facts: readonly PushFacts[],
): Promise<PushFacts[]> {
  const holding = facts.filter(
    (one): one is HeldFacts => one.held.size > 0 && one.hub !== undefined && one.link !== undefined,
  );
  if (holding.length === 0) return [...facts];
  const hubs = await work.deps.repo.hubRecords.lock(
    tx,
    holding.map(({ hubId }) => hubId),
  );
  const settled = new Map<string, PushFacts>();
  for (const one of holding) {
    const hub = hubs.get(one.hubId);
    if (hub === undefined) continue;
    const review = reviewOf(work, { ...one, hub });
    if (review.closed.length > 0) settled.set(one.hubId, await settle(work, tx, { ...one, hub }, review));
  }
  return facts.map((one) => settled.get(one.hubId) ?? one);
}

function reviewOf({ mapping }: EntityWork, { hub, link, held }: HeldFacts): HeldReview {
  return reviewHeld({
    values: { hub: hub.fields, baseHub: link.baseHub, baseExternal: link.baseExternal ?? link.baseHub },
    held,
    shapes: mapping.shapes,
    policy: (field) => mapping.policy(field),
    hubChangedAt: (field) =>
      Date.parse(hub.fieldAt[field] ?? hub.fieldAt['*'] ?? hub.createdAt.toISOString()),
    externalChangedAt: link.externalUpdatedAt?.getTime() ?? null,
  });
}

async function settle(
  { deps, scope }: EntityWork,
  tx: Tx,
  facts: HeldFacts,
  { values, closed, held }: HeldReview,
): Promise<PushFacts> {
  const { hub, link, hubId } = facts;
  const at = new Date(deps.now()).toISOString();
  const changed = Object.keys({ ...hub.fields, ...values.hub }).filter(
    (field) => !jsonEqual(hub.fields[field] ?? null, values.hub[field] ?? null),
  );
  const version = changed.length > 0 ? hub.version + 1 : hub.version;
  const fieldAt = { ...hub.fieldAt, ...Object.fromEntries(changed.map((field) => [field, at])) };
  if (changed.length > 0)
    await changeRecords(hubWriteOf(deps, tx, { ...scope, at }), [
      { id: hubId, before: hub.fields, fields: values.hub, fieldAt, version },
    ]);
  // A change that came from this very system is not offered to it again.
  const hubVersion = link.hubVersion === hub.version ? version : link.hubVersion;
  await deps.repo.links.writeBases(tx, scope.connectionId, { hubId, ...values, hubVersion });
  await deps.repo.conflicts.closeOpen(
    tx,
    scope.connectionId,
    closed.map((conflict) => ({ hubId, ...conflict })),
    at,
  );
  return {
    ...facts,
    hub: { ...hub, fields: values.hub, fieldAt, version },
    link: { ...link, baseHub: values.baseHub, baseExternal: values.baseExternal, hubVersion },
    held,
  };
}
