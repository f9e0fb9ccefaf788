/**
 * Writing: creates, updates, and finding a create whose answer was lost. The plain fields and children of a record go in one
 * unit of work; what SAP does by actions only follows step by step (steps.ts). A create is sent once.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type {
  CreateOp,
  ExternalRecord,
  FoundCreated,
  UpdateOp,
  WriteOutcome,
  WriteStep,
} from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { writeEach } from '../kit/outcomes.ts';
import { createWriteLog, outcomeAfter } from '../kit/write-log.ts';
import type { WriteLog } from '../kit/write-log.ts';
import { assertAllowed } from './allowed.ts';
import { updateChanges } from './body.ts';
import type { SapConfig } from './config.ts';
import { createCreator } from './create.ts';
import { current, is, keyOf, objectOf } from './entities.ts';
import { CODES } from './failures.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { versionOf } from './record.ts';
import { changedNames, stepsAfter } from './steps-ahead.ts';
import {
  addReading,
  lockAgain,
  moveNotification,
  moveObject,
  moveOrder,
  movePoint,
  placeEquipment,
  reread,
  UNLOCK,
  unlockOrder,
} from './steps.ts';
import { tokensOf } from './status.ts';
import type { StepDeps } from './steps.ts';
import { takeBack } from './take-back.ts';
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

interface RowUpdate {
  entity: Entity;
  op: UpdateOp;
  body: Body;
  row: SapRow;
  log: WriteLog;
}

/** Changes that stand or fall together. */
interface Unit {
  entity: Entity;
  id: string;
  changes: readonly Change[];
  row: SapRow;
  body: Body;
  log: WriteLog;
  step: WriteStep;
}

interface Finish {
  entity: Entity;
  id: string;
  body: Body;
  log: WriteLog;
  /** The record as it is, when it was just read. */
  from: SapRow | null;
}

/** Somebody else was faster; nothing was written. */
class Moved extends Error {
  readonly row: SapRow;
  constructor(row: SapRow) {
    super('The record moved.');
    this.row = row;
  }
}

function isLocked({ doc }: SapRow): boolean {
  return tokensOf(textIn(doc.SystemStatusText)).includes('LKD');
}

/** The row as it is once its lock is taken off. */
function unlocked(row: SapRow): SapRow {
  const line = tokensOf(textIn(row.doc.SystemStatusText)).filter((token) => token !== 'LKD');
  return { ...row, doc: { ...row.doc, SystemStatusText: line.join(' ') } };
}

export function createWriter(deps: WriterDeps) {
  const { transport, config, reader } = deps;
  const { parallel } = manifest.limits;

  const creator = createCreator(deps);

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

  async function updateOne(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'update');
    const body = bodyOf(entity, op.payload, 'update');
    const id = op.externalId;
    const row = await transport.get(objectOf(entity).domain, keyOf(entity, id));
    if (row === null) return { key: op.key, outcome: 'missing' };
    if (op.version !== null && versionOf(row) !== op.version) return stale(entity, op, row);
    const log = createWriteLog();
    try {
      return await updateRow({ entity, op, body, row, log });
    } catch (error) {
      const failure = toFailure(error);
      if (!log.touched()) throw failure;
      const told = await takeBack(deps, { entity, id, before: row, log }, failure);
      return outcomeAfter(op.key, told, log, async () => recordOf(entity, await reread(deps, entity, id)));
    }
  }

  async function updateRow({ entity, op, body, row, log }: RowUpdate): Promise<WriteOutcome> {
    const id = op.externalId;
    const changed = updateChanges(entity, id, row, body, config).length > 0;
    // SAP takes no field of a locked order: it is opened for the change, and locked again unless it goes elsewhere.
    const locked = changed && entity === 'work_order' && isLocked(row);
    const { own } = body;
    const last =
      locked && own._lifeCycle === undefined ? { ...body, own: { ...own, _lifeCycle: 'LKD' } } : body;
    const change: WriteStep = { name: 'change', fields: changedNames(entity, op.payload) };
    log.expect([
      ...(locked ? [UNLOCK] : []),
      ...(changed ? [change] : []),
      ...stepsAfter(entity, last, locked ? unlocked(row) : row, config),
    ]);
    if (locked) await unlockOrder(deps, row, log);
    if (changed) {
      const open = locked ? await reread(deps, entity, id) : row;
      const changes = updateChanges(entity, id, open, body, config);
      const moved = await apply({ entity, id, changes, row: open, body, log, step: change });
      if (moved !== null) {
        if (locked) await lockAgain(deps, id);
        if (locked) log.takenBack([UNLOCK]);
        return stale(entity, op, locked ? await reread(deps, entity, id) : moved);
      }
    }
    const end = await finish({ entity, id, body: last, log, from: changed ? null : row });
    const now = end ?? (log.touched() ? await reread(deps, entity, id) : row);
    return { key: op.key, outcome: 'done', record: await recordOf(entity, now), comments: [] };
  }

  /**
   * One unit of work under the version that was read. Null when it was carried out; the row as it is now when somebody else
   * was faster. A server that refuses the very version it shows (contract 7: other percent-encoding) is told `*` once.
   */
  async function apply({ entity, id, changes, row, body, log, step }: Unit): Promise<SapRow | null> {
    const { domain } = objectOf(entity);
    const key = keyOf(entity, id);
    return log
      .step(step, async () => {
        try {
          await transport.change(domain, key, changes, row.version);
        } catch (error) {
          const failure = toFailure(error);
          if (failure.applied === 'unknown' && (await carriedOut(entity, id, body, failure))) return;
          if (failure.code !== CODES.stale && failure.code !== CODES.noVersion) throw failure;
          const now = await reread(deps, entity, id);
          if (versionOf(now) !== versionOf(row)) throw new Moved(now);
          await transport.change(domain, key, withoutVersions(changes), null);
        }
      })
      .then(
        () => null,
        (error: unknown) => {
          if (error instanceof Moved) return error.row;
          throw error;
        },
      );
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

  /**
   * What goes by further calls, in the order in which SAP allows it: texts, place, readings, and the status last. Gives the row
   * after the last of them, null when none of them looked at it.
   */
  async function finish({ entity, id, body: { own }, log, from }: Finish): Promise<SapRow | null> {
    if (entity === 'asset' && ('SuperordinateEquipment' in own || 'FunctionalLocation' in own)) {
      const wanted = { parent: own.SuperordinateEquipment, location: own.FunctionalLocation };
      await placeEquipment(deps, id, wanted, { log, from: null });
    }
    if (entity === 'meter' && own._reading != null && config.services.readings !== false) {
      await addReading(deps, await reread(deps, entity, id), own._reading, { log, isNew: false });
    }
    if (entity === 'meter' && typeof own._active === 'boolean')
      return movePoint(deps, id, own._active, { log, from: null });
    if ((entity === 'asset' || entity === 'location') && typeof own._state === 'string') {
      return moveObject(deps, { entity, id, target: own._state }, { log, from: null });
    }
    if (entity === 'request' && typeof own._phase === 'string')
      return moveNotification(deps, id, own._phase, { log, from });
    if (entity === 'work_order' && typeof own._lifeCycle === 'string') {
      const wanted = { target: own._lifeCycle, completedAt: own._completedAt };
      const shown = from !== null && textIn(from.doc.SystemStatusText) !== '' ? from : null;
      return moveOrder(deps, id, wanted, { log, from: shown });
    }
    return null;
  }

  /** An object that is open in somebody's session is tried again later, without holding up the others (contract 4.5). */
  function lockedLater(outcomes: WriteOutcome[]): WriteOutcome[] {
    return outcomes.map((outcome) => {
      if (outcome.outcome !== 'rejected' || outcome.failure.code !== CODES.locked) return outcome;
      const { key, failure, record, progress } = outcome;
      const half = progress !== undefined && progress.stands !== 'as_before';
      return {
        key,
        outcome: half ? 'unknown' : 'retry',
        failure: new Failure('unavailable', failure.message, {
          code: CODES.locked,
          ...(half ? { applied: 'unknown' } : {}),
        }),
        ...(record === undefined ? {} : { record }),
        ...(progress === undefined ? {} : { progress }),
      };
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
      lockedLater(await creator.create(entity, ops)),
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
