/**
 * Making records: one call for all that a deep insert takes, the calls it does not take right behind it, and one look at all
 * records of the batch at the end. What the answer of a create shows need not be read again before the next step.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, WriteOutcome, WriteStep } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { writeEach } from '../kit/outcomes.ts';
import { createWriteLog, outcomeAfter } from '../kit/write-log.ts';
import type { WriteLog } from '../kit/write-log.ts';
import { assertAllowed } from './allowed.ts';
import { createFields, updateChanges } from './body.ts';
import { externalIdOf, keyOf, objectOf } from './entities.ts';
import { CODES } from './failures.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { NOTHING_BESIDE, toRecord } from './record.ts';
import { orderSteps } from './status-steps.ts';
import { changedNames, LONG_TEXT, stepsAfter } from './steps-ahead.ts';
import {
  addReading,
  moveNotification,
  moveObject,
  moveOrder,
  movePoint,
  orderArguments,
  placeEquipment,
  reread,
  targetOf,
} from './steps.ts';
import type { StepDeps } from './steps.ts';
import type { SapRow } from './transport.ts';
import { bodyOf, textIn } from './wire.ts';
import type { Body } from './wire.ts';

export interface CreatorDeps extends StepDeps {
  reader: Reader;
}

interface Made {
  key: string;
  id: string;
  body: Body;
  log: WriteLog;
}

export function createCreator(deps: CreatorDeps) {
  const { transport, config, reader } = deps;
  const { parallel } = manifest.limits;

  async function create(entity: Entity, ops: readonly CreateOp[]): Promise<WriteOutcome[]> {
    const made = new Map<string, Made>();
    const outcomes = await writeEach(ops, (op) => makeOne(entity, op, made), parallel);
    const rows = await look(entity, [...made.values()]);
    const settled = await inLanes(outcomes, parallel, async (outcome) => {
      const one = made.get(outcome.key);
      return one === undefined || outcome.outcome !== 'done' ? outcome : settle(entity, one, rows, outcome);
    });
    return withRecords(entity, settled, rows);
  }

  /** The calls of one record; what becomes of the status is looked at afterwards, together with the others. */
  async function makeOne(entity: Entity, op: CreateOp, made: Map<string, Made>): Promise<WriteOutcome> {
    assertAllowed(entity, 'create');
    const body = bodyOf(entity, op.payload, 'create');
    const fields = createFields(entity, body, op, config);
    const log = createWriteLog();
    const first: WriteStep = { name: 'create', fields: changedNames(entity, op.payload) };
    log.expect([first, ...stepsAfter(entity, body, null, config)]);
    const row = await log.step(first, () => transport.create(objectOf(entity).domain, fields));
    // From here on the record exists: whatever fails now, it must be looked for and not made again.
    let id = '';
    try {
      id = externalIdOf(entity, row.doc);
      await complete(entity, id, body, row, log);
      made.set(op.key, { key: op.key, id, body, log });
      const record = toRecord(entity, row, config, NOTHING_BESIDE);
      return { key: op.key, outcome: 'done', record, comments: [] };
    } catch (error) {
      return outcomeAfter(op.key, toFailure(error), log, () => recordNow(entity, id));
    }
  }

  /** What no insert takes, from the row that was just answered. */
  async function complete(
    entity: Entity,
    id: string,
    { own }: Body,
    row: SapRow,
    log: WriteLog,
  ): Promise<void> {
    if ((entity === 'asset' || entity === 'location') && textIn(own._longText) !== '')
      await addLongText(entity, id, row, own._longText ?? null, log);
    if (entity === 'asset' && ('SuperordinateEquipment' in own || 'FunctionalLocation' in own)) {
      const wanted = { parent: own.SuperordinateEquipment, location: own.FunctionalLocation };
      await placeEquipment(deps, id, wanted, { log, from: row });
    }
    if (entity === 'meter' && own._reading != null && config.services.readings !== false)
      await addReading(deps, row, own._reading, { log, isNew: true });
    if (entity === 'work_order' && typeof own._lifeCycle === 'string') await release(id, own, row, log);
  }

  /** The way of a new order to its status, of which every stop is known: none of them is looked at. */
  async function release(id: string, own: Body['own'], row: SapRow, log: WriteLog): Promise<void> {
    const line = textIn(row.doc.SystemStatusText);
    if (line === '') return;
    const path = orderSteps(line, targetOf(textIn(own._lifeCycle), config));
    log.expect(path);
    for (const [index, step] of path.entries()) {
      const args = orderArguments(step.name, own._completedAt);
      // Each action moves the version, and only that of the first stop is known.
      const version = index === 0 ? row.version : null;
      try {
        await log.step(step, () => transport.act('order', keyOf('work_order', id), step.name, args, version));
      } catch (error) {
        // Insisted upon all the same: the rest of the way is walked with a look at every stop.
        if (toFailure(error).code === CODES.noVersion) return;
        throw error;
      }
    }
  }

  /** The one long text of a new equipment or functional location, which no deep insert takes. */
  async function addLongText(
    entity: 'asset' | 'location',
    id: string,
    row: SapRow,
    text: Json,
    log: WriteLog,
  ): Promise<void> {
    const changes = updateChanges(entity, id, row, { fields: {}, own: { _longText: text } }, config);
    await log.step(LONG_TEXT, () =>
      transport.change(objectOf(entity).domain, keyOf(entity, id), changes, row.version),
    );
  }

  /** All that was made, in as few reads as there are; null where they cannot be had now. */
  async function look(entity: Entity, made: readonly Made[]): Promise<Map<string, SapRow> | null> {
    if (made.length === 0) return null;
    try {
      const ids = made.map(({ id }) => id);
      const rows = await reader.rows(entity, ids);
      return new Map(rows.map((row) => [externalIdOf(entity, row.doc), row]));
    } catch (error) {
      if (toFailure(error).kind === 'bug') throw error;
      return null;
    }
  }

  /** Whether a new record stands where it should; what is still to do is done from where it does. */
  async function settle(
    entity: Entity,
    { key, id, body, log }: Made,
    rows: Map<string, SapRow> | null,
    outcome: WriteOutcome,
  ): Promise<WriteOutcome> {
    // One that was made by a single call is made, also when nobody can look at it now.
    if (rows === null && log.done().length === 1 && !moves(entity, body)) return outcome;
    try {
      const from = rows?.get(id) ?? (await reread(deps, entity, id));
      const row = (await stand(entity, id, body, from, log)) ?? from;
      rows?.set(id, row);
      return { key, outcome: 'done', record: toRecord(entity, row, config, NOTHING_BESIDE), comments: [] };
    } catch (error) {
      return outcomeAfter(key, toFailure(error), log, () => recordNow(entity, id));
    }
  }

  function moves(entity: Entity, { own }: Body): boolean {
    return stepsAfter(entity, { fields: {}, own }, null, config).length > 0;
  }

  /** The status of a record as wanted, by as many actions as it takes; the row after the last, null when nothing moves. */
  async function stand(
    entity: Entity,
    id: string,
    { own }: Body,
    from: SapRow,
    log: WriteLog,
  ): Promise<SapRow | null> {
    if (entity === 'meter' && typeof own._active === 'boolean')
      return movePoint(deps, id, own._active, { log, from });
    if ((entity === 'asset' || entity === 'location') && typeof own._state === 'string')
      return moveObject(deps, { entity, id, target: own._state }, { log, from });
    if (entity === 'request' && typeof own._phase === 'string')
      return moveNotification(deps, id, own._phase, { log, from });
    if (entity !== 'work_order' || typeof own._lifeCycle !== 'string') return null;
    const wanted = { target: own._lifeCycle, completedAt: own._completedAt };
    const shown = textIn(from.doc.SystemStatusText) !== '';
    return moveOrder(deps, id, wanted, { log, from: shown ? from : null });
  }

  /** What is read beside a record (stock, readings) is read for all of them at once. */
  async function withRecords(
    entity: Entity,
    outcomes: readonly WriteOutcome[],
    rows: Map<string, SapRow> | null,
  ): Promise<WriteOutcome[]> {
    const done = outcomes.flatMap((outcome) =>
      outcome.outcome === 'done' ? (rows?.get(outcome.record.externalId) ?? []) : [],
    );
    const records = await reader.recordsOf(entity, done).catch((error: unknown): ExternalRecord[] => {
      if (toFailure(error).kind === 'bug') throw error;
      return [];
    });
    const byId = new Map(records.map((record) => [record.externalId, record]));
    return outcomes.map((outcome) => {
      const record = outcome.outcome === 'done' ? byId.get(outcome.record.externalId) : undefined;
      return outcome.outcome === 'done' && record !== undefined ? { ...outcome, record } : outcome;
    });
  }

  async function recordNow(entity: Entity, id: string): Promise<ExternalRecord> {
    const [record] = await reader.recordsOf(entity, [await reread(deps, entity, id)]);
    if (record !== undefined) return record;
    throw new Failure(
      'unexpected_response',
      `SAP shows ${objectOf(entity).noun} ${id} without what makes it one.`,
      { applied: 'unknown' },
    );
  }

  return { create, recordNow };
}
