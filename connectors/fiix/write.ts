/**
 * Updating records of Fiix. What one update changes goes in one batch that applies whole or not at all (contract 2.7), in several
 * only where it does not fit. There is no locking: an update reads before it writes and again after it.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, UpdateOp, WriteOutcome, WriteStep } from '../kit/contract.ts';
import { createWriteLog, outcomeAfter } from '../kit/write-log.ts';
import type { WriteLog } from '../kit/write-log.ts';
import type { ChangeRequests } from './change-requests.ts';
import { rowsOf } from './change-requests.ts';
import { CHILD_FIELDS } from './children.ts';
import type { KnownChildren } from './children.ts';
import { notStored } from './compare.ts';
import type { Joins } from './joins.ts';
import { manifest } from './manifest.ts';
import type { MeterWriter } from './meter-write.ts';
import type { Pages } from './pages.ts';
import type { Reader } from './read.ts';
import { batchesOf } from './send.ts';
import type { Sender } from './send.ts';
import { CLASSES, bodyOf, parseId } from './wire.ts';
import type { Request } from './wire.ts';

export interface WriterDeps {
  host: string;
  pages: Pages;
  reader: Reader;
  complete: Joins;
  changes: ChangeRequests;
  sender: Sender;
  meters: MeterWriter;
  create: (entity: Entity, op: CreateOp) => Promise<WriteOutcome>;
}

export function createWriter({ host, pages, reader, complete, changes, sender, meters, create }: WriterDeps) {
  async function update(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'update');
    const { key } = op;
    const body = bodyOf(entity, op.payload);
    const [before] = await reader.read(entity, [op.externalId]);
    if (!before) return { key, outcome: 'missing' };
    if (Object.keys(body).length > 0 && op.version !== null && before.version !== op.version) {
      return { key, outcome: 'stale', record: before };
    }
    if (entity === 'meter') return meters.update(key, before, body);
    const id = parseId(op.externalId) ?? 0;
    const { columns, requests } = await changes.changesOf(entity, id, body, before.raw);
    if (requests.length === 0) return { key, outcome: 'done', record: before, comments: [] };
    const log = createWriteLog();
    try {
      if (!(await carryOut(requests, Object.keys(body), log))) return { key, outcome: 'missing' };
    } catch (error) {
      return afterFailure(entity, before, { key, log, failure: toFailure(error) });
    }
    const record = await readAfter(entity, before, requests).catch((error: unknown) => toFailure(error));
    if (record instanceof Failure) {
      if (record.kind === 'bug') throw record;
      return { key, outcome: 'unknown', failure: record };
    }
    return judge({ key, before, columns, record });
  }

  /** False when the one record to change does not exist. */
  async function carryOut(
    requests: readonly Request[],
    fields: readonly string[],
    log: WriteLog,
  ): Promise<boolean> {
    const batches = batchesOf(requests);
    const steps = stepsOf(batches.length, fields);
    log.expect(steps);
    for (const [i, batch] of batches.entries()) {
      const step = steps[i];
      if (step !== undefined && !(await log.step(step, () => sender.once(batch)))) return false;
    }
    return true;
  }

  /** What hangs on the record is read again only where it was written. */
  async function readAfter(
    entity: Entity,
    before: ExternalRecord,
    requests: readonly Request[],
  ): Promise<ExternalRecord | null> {
    const { className } = CLASSES[entity];
    const alone = requests.every((request) => 'className' in request && request.className === className);
    if (!alone || entity !== 'work_order') return (await reader.read(entity, [before.externalId]))[0] ?? null;
    const [row] = await pages.byIds(await reader.queryOf(entity), [parseId(before.externalId) ?? 0]);
    const [record] = row === undefined ? [] : await complete(entity, [row], childrenOf(before.raw));
    return record ?? null;
  }

  function judge(written: {
    key: string;
    before: ExternalRecord;
    columns: JsonObject;
    record: ExternalRecord | null;
  }): WriteOutcome {
    const { key, before, columns, record } = written;
    if (record === null) return hidden(key, before.externalId);
    if (record.version === before.version) {
      // Carried out, and a find that lags behind still shows the record as it was.
      const message = `${host} accepted the change of ${before.externalId} and does not show it yet; it is read again.`;
      const failure = new Failure('unavailable', message, { applied: 'unknown' });
      return { key, outcome: 'unknown', failure };
    }
    const lost = notStored(columns, before.raw, record.raw);
    if (lost === undefined) return { key, outcome: 'done', record, comments: [] };
    const message = `Fiix accepted the change of "${lost}" and kept the old value; check the rights of the keys and whether the record is locked there.`;
    const failure = new Failure('rejected', message, { code: 'NOT_STORED', path: lost });
    return { key, outcome: 'rejected', failure, record };
  }

  /** A refused batch applies nothing, says the guide (2.7); nobody has seen it fail. So the record is looked at. */
  async function afterFailure(
    entity: Entity,
    before: ExternalRecord,
    { key, log, failure }: { key: string; log: WriteLog; failure: Failure },
  ): Promise<WriteOutcome> {
    const readNow = async (): Promise<ExternalRecord | null> =>
      (await reader.read(entity, [before.externalId]))[0] ?? null;
    const outcome = await outcomeAfter(key, failure, log, readNow);
    if (log.moved() || (outcome.outcome !== 'rejected' && outcome.outcome !== 'retry')) return outcome;
    const record = await readNow().catch(() => null);
    if (record === null || record.version === before.version) return outcome;
    const progress = log.progress(failure);
    const stands = progress === undefined ? {} : { progress: { ...progress, stands: 'unknown' as const } };
    const refused = outcome.outcome === 'rejected';
    return { key, outcome: refused ? 'rejected' : 'unknown', failure, record, ...stands };
  }

  return {
    update,
    async create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
      assertAllowed(entity, 'create');
      return entity === 'meter' ? meters.create(op.key, bodyOf(entity, op.payload)) : create(entity, op);
    },
  };
}

/** One batch is one step, whatever is in it: nobody sees a half of it. */
function stepsOf(batches: number, fields: readonly string[]): WriteStep[] {
  if (batches === 1) return [{ name: 'change', fields }];
  const children = fields.filter((name) => name === '_tasks');
  return Array.from({ length: batches }, (_, i) => ({
    name: `part ${String(i + 1)} of ${String(batches)}`,
    fields: i === batches - 1 ? fields : children,
  }));
}

/** What hangs on an order, back from how its record shows it. */
function childrenOf(raw: JsonObject): KnownChildren {
  const rows = (shown: string, className: keyof typeof CHILD_FIELDS): JsonObject[] => {
    const columns = CHILD_FIELDS[className].split(', ');
    return rowsOf(raw[shown]).map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name))),
    );
  };
  return {
    WorkOrderTask: rows('tasks', 'WorkOrderTask'),
    WorkOrderAsset: rows('links', 'WorkOrderAsset'),
    WorkOrderUser: rows('people', 'WorkOrderUser'),
    WorkOrderPart: rows('parts', 'WorkOrderPart'),
  };
}

function hidden(key: string, externalId: string): WriteOutcome {
  const message = `Fiix wrote the record ${externalId} but does not show it; check the sites and rights of the keys.`;
  const failure = new Failure('unexpected_response', message, { applied: 'unknown' });
  return { key, outcome: 'unknown', failure };
}

function assertAllowed(entity: Entity, verb: 'create' | 'update'): void {
  const capability = manifest.capabilities[entity];
  if (capability[verb]) return;
  const message = `Fiix cannot ${verb} a ${CLASSES[entity].noun} through its API; ${capability.note ?? 'leave it out'}`;
  throw new Failure('rejected', message.replace(/\.?$/, '.'));
}
