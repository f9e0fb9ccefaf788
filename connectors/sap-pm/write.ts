/**
 * Writing: creates, updates, and finding a create whose answer was lost. The plain fields and children of a record go in one
 * unit of work; what SAP does by actions only follows step by step (steps.ts). A create is sent once.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, FoundCreated, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { outcomeOf, writeEach } from '../kit/outcomes.ts';
import { createFields, updateChanges } from './body.ts';
import type { SapConfig } from './config.ts';
import { current, externalIdOf, is, keyOf, objectOf } from './entities.ts';
import { CODES } from './failures.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { versionOf } from './record.ts';
import {
  addReading,
  moveNotification,
  moveObject,
  moveOrder,
  movePoint,
  placeEquipment,
  reread,
  unlockOrder,
} from './steps.ts';
import { tokensOf } from './status.ts';
import type { Progress, StepDeps } from './steps.ts';
import type { Change, SapRow, Where } from './transport.ts';
import { bodyOf, plainKey, textIn } from './wire.ts';
import type { Body } from './wire.ts';

/** Clocks of SAP and ours may differ by that much, and SAP tells a day only. */
const DAY_MS = 86_400_000;
/** Candidates looked at; more than one is for a person anyway. */
const CANDIDATES_MAX = 10;

export interface WriterDeps extends StepDeps {
  config: SapConfig;
  reader: Reader;
}

function isLocked({ doc }: SapRow): boolean {
  return tokensOf(textIn(doc.SystemStatusText)).includes('LKD');
}

export function createWriter(deps: WriterDeps) {
  const { transport, config, reader } = deps;
  const { parallel } = manifest.limits;

  async function recordOf(entity: Entity, row: SapRow): Promise<ExternalRecord> {
    const [record] = await reader.recordsOf(entity, [row]);
    if (record !== undefined) return record;
    throw new Failure(
      'unexpected_response',
      `SAP shows ${objectOf(entity).noun} without what makes it one.`,
      {
        applied: 'unknown',
      },
    );
  }

  async function createOne(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'create');
    const body = bodyOf(entity, op.payload, 'create');
    const created = await transport.create(objectOf(entity).domain, createFields(entity, body, op, config));
    // From here on the record exists: whatever fails now, it must be looked for and not made again.
    const progress: Progress = { touched: true };
    try {
      const id = externalIdOf(entity, created.doc);
      await finish(entity, id, body, progress, true);
      const record = await recordOf(entity, await reread(deps, entity, id));
      return { key: op.key, outcome: 'done', record, comments: [] };
    } catch (error) {
      return partly(entity, op.key, created, toFailure(error));
    }
  }

  async function updateOne(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'update');
    const body = bodyOf(entity, op.payload, 'update');
    const domain = objectOf(entity).domain;
    const key = keyOf(entity, op.externalId);
    const row = await transport.get(domain, key);
    if (row === null) return { key: op.key, outcome: 'missing' };
    if (op.version !== null && versionOf(row) !== op.version) return stale(entity, op, row);
    const progress: Progress = { touched: false };
    try {
      const changed = updateChanges(entity, op.externalId, row, body, config).length > 0;
      // SAP takes no field of a locked order: it is opened for the change, and locked again unless it goes elsewhere.
      const locked = changed && entity === 'work_order' && isLocked(row);
      if (locked) await unlockOrder(deps, row, progress);
      const { own } = body;
      const last =
        locked && own._lifeCycle === undefined ? { ...body, own: { ...own, _lifeCycle: 'LKD' } } : body;
      if (changed) {
        const open = locked ? await reread(deps, entity, op.externalId) : row;
        const changes = updateChanges(entity, op.externalId, open, body, config);
        const moved = await apply(entity, op.externalId, changes, open, body);
        if (moved !== null) {
          if (locked) await moveOrder(deps, op.externalId, { target: 'LKD', completedAt: null }, progress);
          return await stale(entity, op, locked ? await reread(deps, entity, op.externalId) : moved);
        }
        progress.touched = true;
      }
      await finish(entity, op.externalId, last, progress, false);
      const now = progress.touched ? await reread(deps, entity, op.externalId) : row;
      return { key: op.key, outcome: 'done', record: await recordOf(entity, now), comments: [] };
    } catch (error) {
      const failure = toFailure(error);
      if (!progress.touched) throw failure;
      return partly(entity, op.key, row, failure);
    }
  }

  /**
   * One unit of work under the version that was read. Null when it was carried out; the row as it is now when somebody else
   * was faster. A server that refuses the very version it shows (contract 7: other percent-encoding) is told `*` once.
   */
  async function apply(
    entity: Entity,
    id: string,
    changes: readonly Change[],
    row: SapRow,
    body: Body,
  ): Promise<SapRow | null> {
    const { domain } = objectOf(entity);
    const key = keyOf(entity, id);
    try {
      await transport.change(domain, key, changes, row.version);
      return null;
    } catch (error) {
      const failure = toFailure(error);
      if (failure.applied === 'unknown' && (await carriedOut(entity, id, body, failure))) return null;
      if (failure.code !== CODES.stale && failure.code !== CODES.noVersion) throw failure;
      const now = await reread(deps, entity, id);
      if (versionOf(now) !== versionOf(row)) return now;
      await transport.change(domain, key, withoutVersions(changes), null);
      return null;
    }
  }

  /** After a lost answer: whether SAP shows what was sent. What cannot be read now stays unknown. */
  async function carriedOut(entity: Entity, id: string, body: Body, failure: Failure): Promise<boolean> {
    try {
      const now = await reread(deps, entity, id);
      return updateChanges(entity, id, now, body, config).every(
        (change) => change.kind === 'patch' && showsFields(now.doc, change.fields),
      );
    } catch {
      throw failure;
    }
  }

  async function stale(entity: Entity, op: UpdateOp, row: SapRow): Promise<WriteOutcome> {
    return { key: op.key, outcome: 'stale', record: await recordOf(entity, row) };
  }

  /** After a part of a write was carried out: refused for good with the record as it is, or unknown. */
  async function partly(entity: Entity, key: string, row: SapRow, failure: Failure): Promise<WriteOutcome> {
    if (failure.kind === 'bug') throw failure;
    const outcome = outcomeOf(key, failure);
    if (outcome.outcome !== 'rejected') return { key, outcome: 'unknown', failure };
    try {
      const now = await reread(deps, entity, externalIdOf(entity, row.doc));
      return { key, outcome: 'rejected', failure, record: await recordOf(entity, now) };
    } catch {
      return { key, outcome: 'unknown', failure };
    }
  }

  /** What goes by further calls, in the order in which SAP allows it: texts, place, readings, and the status last. */
  async function finish(
    entity: Entity,
    id: string,
    { own }: Body,
    progress: Progress,
    created: boolean,
  ): Promise<void> {
    if (created && (entity === 'asset' || entity === 'location') && textIn(own._longText) !== '') {
      const row = await reread(deps, entity, id);
      const changes = updateChanges(
        entity,
        id,
        row,
        { fields: {}, own: { _longText: own._longText ?? null } },
        config,
      );
      await transport.change(objectOf(entity).domain, keyOf(entity, id), changes, row.version);
    }
    if (entity === 'asset' && ('SuperordinateEquipment' in own || 'FunctionalLocation' in own)) {
      const wanted = { parent: own.SuperordinateEquipment, location: own.FunctionalLocation };
      await placeEquipment(deps, id, wanted, progress);
    }
    if (entity === 'meter' && own._reading != null) {
      await addReading(deps, await reread(deps, entity, id), own._reading, progress);
    }
    if (entity === 'meter' && typeof own._active === 'boolean')
      await movePoint(deps, id, own._active, progress);
    if ((entity === 'asset' || entity === 'location') && typeof own._state === 'string') {
      await moveObject(deps, entity, id, own._state, progress);
    }
    if (entity === 'request' && typeof own._phase === 'string')
      await moveNotification(deps, id, own._phase, progress);
    if (entity === 'work_order' && typeof own._lifeCycle === 'string') {
      await moveOrder(deps, id, { target: own._lifeCycle, completedAt: own._completedAt }, progress);
    }
  }

  /** An object that is open in somebody's session is tried again later, without holding up the others (contract 4.5). */
  function lockedLater(outcomes: WriteOutcome[]): WriteOutcome[] {
    return outcomes.map((outcome) => {
      if (outcome.outcome !== 'rejected' || outcome.failure.code !== CODES.locked) return outcome;
      const { message } = outcome.failure;
      const failure = new Failure('unavailable', message, { code: CODES.locked });
      if (outcome.record !== undefined) {
        return {
          key: outcome.key,
          outcome: 'unknown',
          failure: new Failure('unavailable', message, { code: CODES.locked, applied: 'unknown' }),
        };
      }
      return { key: outcome.key, outcome: 'retry', failure };
    });
  }

  async function findOne(entity: Entity, op: CreateOp): Promise<FoundCreated> {
    const nothing = { key: op.key, candidates: [] };
    if (!manifest.capabilities[entity].create) return nothing;
    const where = searchOf(entity, op, config);
    if (where === null) return nothing;
    const object = objectOf(entity);
    const [rows = []] = await transport.lists(object.domain, [
      { where, orderBy: [object.key], top: CANDIDATES_MAX },
    ]);
    const since = Date.parse(op.intendedAt) - DAY_MS;
    const fresh = rows.filter(({ doc }) => {
      const day = Date.parse(textIn(doc.CreationDate));
      return Number.isNaN(day) || day + DAY_MS > since;
    });
    const candidates = await reader.recordsOf(
      entity,
      manifest.capabilities[entity].findCreated === 'reference' ? rows : fresh,
    );
    const doubtful = entity === 'part' && candidates.some(({ raw }) => differs(raw, op.payload));
    return { key: op.key, candidates, ...(doubtful ? { doubtful } : {}) };
  }

  return {
    create: async (entity: Entity, ops: readonly CreateOp[]): Promise<WriteOutcome[]> =>
      lockedLater(await writeEach(ops, (op) => createOne(entity, op), parallel)),
    update: async (entity: Entity, ops: readonly UpdateOp[]): Promise<WriteOutcome[]> =>
      lockedLater(await writeEach(ops, (op) => updateOne(entity, op), parallel)),
    findCreated: (entity: Entity, ops: readonly CreateOp[]): Promise<FoundCreated[]> =>
      inLanes(ops, parallel, (op) => findOne(entity, op)),
  };
}

/** Where a created record would be: by our reference, or by what makes it unique there. */
function searchOf(entity: Entity, op: CreateOp, config: SapConfig): Where | null {
  const { payload } = op;
  switch (entity) {
    case 'request':
      return [is('MaintNotifExtReferenceNumber', op.reference)];
    case 'part': {
      const product = textIn(payload.Product);
      return product === '' ? null : [is('Product', product)];
    }
    case 'meter': {
      const equipment = plainKey(payload.Equipment);
      const location = textIn(payload.FunctionalLocation);
      return [
        is('MeasuringPointDescription', textIn(payload.MeasuringPointDescription)),
        ...(equipment === '' ? [] : [is('Equipment', equipment)]),
        ...(location === '' || equipment !== '' ? [] : [is('FunctionalLocation', location)]),
      ];
    }
    case 'asset':
      return [...current(), is(config.referenceField, op.reference)];
    default:
      return [is(config.referenceField, op.reference)];
  }
}

/** Whether a row shows these values; what was cleared is absent or empty there. */
function showsFields(doc: JsonObject, fields: JsonObject): boolean {
  return Object.entries(fields).every(([name, value]) => {
    // Written under one name and shown under another (contract 2.3).
    const there = name === 'MaintNotifLongTextForEdit' ? doc.MaintNotificationLongText : doc[name];
    if (value === null || value === '') return there === undefined || there === '';
    if (name === 'TechnicalObject') return plainKey(there) === plainKey(value);
    return there === value;
  });
}

function differs(raw: JsonObject, payload: JsonObject): boolean {
  return textIn(raw._description) !== textIn(payload._description);
}

function withoutVersions(changes: readonly Change[]): Change[] {
  return changes.map((change) => ('version' in change ? { ...change, version: null } : change));
}

function assertAllowed(entity: Entity, verb: 'create' | 'update'): void {
  const capability = manifest.capabilities[entity];
  if (capability[verb]) return;
  const noun = entity === 'person' ? 'person' : objectOf(entity).noun;
  throw new Failure(
    'rejected',
    `SAP cannot ${verb} a ${noun} through these services. ${capability.note ?? ''}`.trim(),
  );
}
