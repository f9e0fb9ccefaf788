/**
 * Pushes one entity: takes due hub records from the queue in batches, decides what each needs (create, update, remove,
 * nothing), asks the vendor, and stores what came of it. Exactly-once creates: intent first, search before repeating.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { replaceReferences, referencesOf, type Reference } from '../../domain/entities/references.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { fieldsToPush } from '../../domain/merge/merge.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import type { CreateOp, NewComment, UpdateOp } from '../../connectors/kit/contract.ts';
import type { CreateIntent } from '../../store/links/create-intents.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Link } from '../../store/links/links.ts';
import type { LogWrite } from '../../store/runs/runs.ts';
import type { Tx } from '../../store/index.ts';
import type { Counts } from './context.ts';
import { count } from './context.ts';
import { capabilitiesOf } from './direction.ts';
import type { EntityWork } from './pull-entity.ts';
import { pulledToTheEnd } from './pull-entity.ts';
import { carryOutPlan } from './carry-out-plan.ts';
import { TRIES_A_PASS } from './stale-pushes.ts';

export interface PushResult {
  counts: Counts;
  hubChanged: boolean;
}

/** A decided write, with what the decision was based on. */
export interface PlannedCreate {
  op: CreateOp;
  hub: HubRecord;
  fields: ReadonlySet<string>;
  /** Left out because they refer to what this system cannot hold. */
  withheld: ReadonlySet<string>;
  /**
   * Null for a first try. Else an earlier one may have created it, so it is searched first; when it is not found it is
   * created, waits because the vendor may not show it yet, or is left to the next push.
   */
  resumed: null | 'create' | 'wait' | 'leave';
  /** What to send now; the operation holds what an earlier try sent, because that is what it is found by. */
  payload: JsonObject;
}
export interface PlannedUpdate {
  op: UpdateOp;
  hub: HubRecord;
  fields: ReadonlySet<string>;
  withheld: ReadonlySet<string>;
  /** When it is stale once more, this pass has no further try for it. */
  lastTry: boolean;
}
export interface Plan {
  creates: PlannedCreate[];
  updates: PlannedUpdate[];
  removals: { hub: HubRecord; link: Link }[];
}

export async function pushEntity(work: EntityWork): Promise<PushResult> {
  const { deps, scope, session } = work;
  const totals: Counts = {};
  let hubChanged = false;
  const create = await mayCreate(work);
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await deps.repo.pushes.drainFeed(tx, scope);
  });

  const tries = new Map<string, number>();
  for (;;) {
    if (work.signal.aborted)
      throw new Failure('cancelled', 'The push was cancelled; what was written stays written.');
    const { plan, taken } = await deps.store.inTenant(scope.tenantId, async (tx) => {
      await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
      return planBatch(work, tx, { tries, create }, totals);
    });
    if (taken.length === 0) break;
    for (const id of taken) tries.set(id, (tries.get(id) ?? 0) + 1);
    deps.crashPoint('push:intended');

    const results = await carryOutPlan(work, plan, session);
    for (const [name, n] of Object.entries(results.counts)) count(totals, name, n);
    hubChanged ||= results.hubChanged;
    work.progress(totals);
    if (results.failure !== null) throw results.failure;
  }
  return { counts: totals, hubChanged };
}

/** `later`: not before the entity was read to its end, because until then its counterpart there may be unseen. */
type CreateRight = 'now' | 'later' | 'never';

async function mayCreate({ deps, scope, connection }: EntityWork): Promise<CreateRight> {
  const sync = entitySync(connection.config, scope.entity);
  const capability = capabilitiesOf(deps, connection)[scope.entity];
  if (!sync.create || !capability.create) return 'never';
  if (await pulledToTheEnd(deps, scope.tenantId, scope.connectionId, scope.entity)) return 'now';
  return sync.pull && capability.pull !== 'none' ? 'later' : 'never';
}

async function planBatch(
  work: EntityWork,
  tx: Tx,
  options: { tries: ReadonlyMap<string, number>; create: CreateRight },
  counts: Counts,
): Promise<{ plan: Plan; taken: string[] }> {
  const { deps, scope, mapping, connection } = work;
  const { repo } = deps;
  const due = await repo.pushes.due(
    tx,
    scope.connectionId,
    scope.entity,
    LIMITS.pushBatchMax,
    [...options.tries].flatMap(([id, n]) => (n >= TRIES_A_PASS ? [id] : [])),
  );
  const ids = due.map(({ hubId }) => hubId);
  const plan: Plan = { creates: [], updates: [], removals: [] };
  if (ids.length === 0) return { plan, taken: [] };

  const hubs = await repo.hubRecords.load(tx, ids);
  const links = await repo.links.loadByHub(tx, scope.connectionId, ids);
  const held = await repo.conflicts.openFields(tx, scope.connectionId, ids);
  const intents = await repo.createIntents.load(tx, scope.connectionId, ids);
  const inReview = await repo.reviews.naming(tx, scope.connectionId, ids);
  const capabilities = capabilitiesOf(deps, connection);
  const capability = capabilities[scope.entity];
  const sendsComments = capability.comments === 'read_write' || capability.comments === 'write';
  const comments = sendsComments
    ? await repo.comments.pending(tx, scope.connectionId, ids)
    : new Map<string, never[]>();
  const knownComments =
    comments.size > 0
      ? await repo.comments.loadLinks(tx, scope.connectionId, ids)
      : new Map<string, never[]>();
  const external = await repo.links.resolveHubIds(
    tx,
    scope.connectionId,
    [...hubs.values()].flatMap((hub) => referencesOf(scope.entity, hub.fields).map(({ value }) => value)),
  );

  const creatable = (entity: Entity): boolean =>
    capabilities[entity].create &&
    deps.mapping(connection, entity) !== null &&
    entitySync(connection.config, entity).create;
  const done: string[] = [];
  const settled: { hubId: string; hubVersion: number; baseHub: JsonObject }[] = [];
  const waiting: { hubId: string; waitsHubId: string }[] = [];
  const newIntents: { hubId: string; reference: string; payload: JsonObject; intendedAt: string }[] = [];
  const early: string[] = [];
  const bad: { hub: HubRecord; problems: { path: string; message: string; rule: string }[] }[] = [];
  const refused: LogWrite[] = [];
  const now = new Date(deps.now()).toISOString();

  for (const id of ids) {
    const hub = hubs.get(id);
    const link = links.get(id);
    if (hub === undefined) {
      done.push(id);
      continue;
    }
    if (hub.deletedAt !== null || (link !== undefined && link.goneAt !== null)) {
      const removes =
        link !== undefined &&
        link.goneAt === null &&
        connection.deletePolicy === 'delete' &&
        capability.remove;
      if (removes) plan.removals.push({ hub, link });
      else done.push(id);
      continue;
    }
    const intent = intents.get(id);
    if (link === undefined && options.create === 'later') {
      early.push(id);
      count(counts, 'push_waiting');
      continue;
    }
    if (
      link === undefined &&
      (options.create === 'never' || intent?.state === 'ambiguous' || inReview.has(id))
    ) {
      // Nothing is created there: the record is not lost, its link or its approval will queue it again.
      done.push(id);
      count(counts, 'not_created');
      continue;
    }

    const changed =
      link === undefined
        ? new Set(mapping.pushFields)
        : fieldsToPush({
            hub: hub.fields,
            baseHub: link.baseHub,
            pushFields: mapping.pushFields,
            held: held.get(id) ?? new Set(),
          });
    const appended = (comments.get(id) ?? []).map((comment): NewComment => ({
      key: comment.id,
      text: comment.text,
      author: comment.author,
      at: comment.at,
      maybeSent: comment.maybeSent,
    }));
    if (link !== undefined && changed.size === 0 && appended.length === 0) {
      settled.push({ hubId: id, hubVersion: hub.version, baseHub: link.baseHub });
      done.push(id);
      continue;
    }
    // What can be made there is waited for; what cannot is left out of this write and waited for apart.
    const absent = absentReferences(scope.entity, hub.fields, changed, external);
    const awaited = absent.find(({ reference }) => creatable(reference.entity));
    if (awaited !== undefined) {
      waiting.push({ hubId: id, waitsHubId: awaited.reference.value });
      count(counts, 'push_waiting');
      continue;
    }
    const withheld = new Set(absent.map(({ field }) => field));
    for (const field of withheld) changed.delete(field);
    const [first] = absent;
    if (first !== undefined && link !== undefined && changed.size === 0 && appended.length === 0) {
      waiting.push({ hubId: id, waitsHubId: first.reference.value });
      count(counts, 'push_waiting');
      continue;
    }
    const outward = replaceReferences(scope.entity, hub.fields, ({ value }) => external.get(value) ?? null);
    outward['number'] = hub.number;
    const mapped = await mapping.push(outward, link === undefined ? null : changed, connection.config);
    const barrier = link?.readOnly === true ? 'read_only' : capability.update ? null : 'not_writable';
    const wanted = !mapped.ok || Object.keys(mapped.payload).length > 0 || appended.length > 0;
    if (link !== undefined && barrier !== null && wanted) {
      // The difference stays, and is said once a change of the hub: nobody should have to find it out there.
      done.push(id);
      refused.push({
        externalId: link.externalId,
        hubId: id,
        action: barrier,
        decisions: { fields: [...changed], comments: appended.length },
      });
      continue;
    }
    if (!mapped.ok) {
      bad.push({ hub, problems: mapped.problems });
      done.push(id);
      continue;
    }
    if (link !== undefined) {
      if (Object.keys(mapped.payload).length === 0 && appended.length === 0) {
        const base_hub = { ...link.baseHub };
        for (const field of changed) setField(base_hub, field, hub.fields);
        settled.push({ hubId: id, hubVersion: hub.version, baseHub: base_hub });
        if (first === undefined) done.push(id);
        else waiting.push({ hubId: id, waitsHubId: first.reference.value });
        continue;
      }
      plan.updates.push({
        hub,
        fields: changed,
        withheld,
        lastTry: (options.tries.get(id) ?? 0) + 1 >= TRIES_A_PASS,
        op: {
          key: id,
          externalId: link.externalId,
          address: link.address,
          version: link.externalVersion,
          payload: mapped.payload,
          comments: appended,
          knownComments: (knownComments.get(id) ?? []).flatMap(({ externalId }) =>
            externalId === null ? [] : [externalId],
          ),
        },
      });
    } else {
      const resumed = intent === undefined ? null : isSettled(intent, deps.now()) ? 'create' : 'wait';
      const reference = intent?.reference ?? deps.newReference();
      if (intent === undefined)
        newIntents.push({ hubId: id, reference, payload: mapped.payload, intendedAt: now });
      plan.creates.push({
        hub,
        fields: changed,
        withheld,
        resumed,
        payload: mapped.payload,
        op: {
          key: id,
          reference,
          intendedAt: intent?.intendedAt ?? now,
          // What may have been created was created from the stored payload, so that is what is searched for.
          payload: intent?.payload ?? mapped.payload,
          comments: appended,
        },
      });
    }
  }

  const runScope = { ...scope, at: now };
  await repo.createIntents.store(tx, scope, newIntents);
  await repo.comments.writeLinks(
    tx,
    scope,
    [...plan.creates, ...plan.updates].flatMap(({ hub, op }) =>
      op.comments.map((comment) => ({
        hubCommentId: comment.key,
        hubId: hub.id,
        externalId: null,
        state: 'sending' as const,
      })),
    ),
  );
  await repo.links.settle(tx, scope.connectionId, settled);
  // What was refused and no longer differs needs nobody any more.
  await repo.quarantine.close(
    tx,
    runScope,
    'push',
    settled.map(({ hubId }) => hubId),
  );
  await repo.pushes.hold(tx, scope.connectionId, waiting);
  await repo.pushes.postpone(tx, scope.connectionId, early);
  await repo.quarantine.add(
    tx,
    runScope,
    'push',
    bad.map(({ hub, problems }) => ({
      id: deps.newId(),
      subject: hub.id,
      rawHash: null,
      data: hub.fields,
      problems: problems.map((p) => ({ ...p })),
    })),
  );
  count(counts, 'push_quarantined', bad.length);
  const barred = {
    read_only: refused.filter(({ action }) => action === 'read_only').length,
    not_writable: refused.filter(({ action }) => action === 'not_writable').length,
  };
  for (const [name, n] of Object.entries(barred)) count(counts, name, n);
  await repo.runs.logRecords(tx, runScope, 'push', refused);
  await repo.runs.addCounts(tx, scope.runId, scope.entity, {
    push_quarantined: bad.length,
    ...barred,
    push_waiting: waiting.length,
  });
  await repo.pushes.drop(tx, scope.connectionId, done);
  return { plan, taken: ids };
}

/** Whether the vendor surely shows by now what the last try of this create made. */
function isSettled(intent: CreateIntent, now: number): boolean {
  return now - Date.parse(intent.triedAt) >= LIMITS.createSettleMs;
}

/** References of the changed fields that this connection has no record for, with the field that holds each. */
function absentReferences(
  entity: Entity,
  fields: JsonObject,
  changed: ReadonlySet<string>,
  external: ReadonlyMap<string, string>,
): { field: string; reference: Reference }[] {
  return [...changed].flatMap((field) =>
    referencesOf(entity, pick(fields, new Set([field])))
      .filter(({ value }) => !external.has(value))
      .map((reference) => ({ field, reference })),
  );
}

function pick(fields: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name)));
}

function setField(target: JsonObject, field: string, source: JsonObject): void {
  const value = source[field];
  if (value === undefined || value === null) delete target[field];
  else target[field] = value;
}
