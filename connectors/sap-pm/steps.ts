/**
 * What a write needs beyond plain fields: status moves along the legal path, installing equipment, adding a reading. Each is
 * a walk of single actions with a look at the record in between, because actions tell no state (contract 2.1).
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { WriteStep } from '../kit/contract.ts';
import type { WriteLog } from '../kit/write-log.ts';
import type { SapConfig } from './config.ts';
import { externalIdOf, keyOf, objectOf } from './entities.ts';
import { localOf, momentOf } from './local-time.ts';
import { newestReadings } from './read.ts';
import { nextNotificationAction, nextObjectAction, nextOrderAction } from './status.ts';
import { actionStep, marksOf, orderSteps, phaseIn, pointAction } from './status-steps.ts';
import type { Arguments, SapRow, SapTransport } from './transport.ts';
import { isObject, numberIn, plainKey, textIn } from './wire.ts';

/** The longest legal path: unmark, reset closed, reset completed, unlock, release, complete, and one to spare. */
const ACTIONS_MAX = 7;
/** Readings looked at before one is added: it may have arrived with a lost answer. */
const READINGS_SEEN = 20;

export interface StepDeps {
  transport: SapTransport;
  config: SapConfig;
  now(): number;
}

/** The record as it is now; it existed a moment ago. */
export async function reread({ transport }: StepDeps, entity: Entity, id: string): Promise<SapRow> {
  const row = await transport.get(objectOf(entity).domain, keyOf(entity, id));
  if (row !== null) return row;
  throw new Failure(
    'unavailable',
    `SAP does not show ${objectOf(entity).noun} ${id}, which was just written; it will be read again.`,
    {
      applied: 'unknown',
    },
  );
}

interface Walk {
  entity: Entity;
  id: string;
  log: WriteLog;
  /** The record as it is, when it was just read. */
  from: SapRow | null;
  next: (row: SapRow) => { action: string; args: Arguments } | null;
}

/** Calls the next action until there is none; an action that moves nothing is a refusal. Gives the row where it ended. */
async function walk(deps: StepDeps, { entity, id, log, from, next }: Walk): Promise<SapRow> {
  let last: string | null = null;
  for (let count = 0; count < ACTIONS_MAX; count += 1) {
    const row = count === 0 && from !== null ? from : await reread(deps, entity, id);
    const step = next(row);
    if (step === null) return row;
    const { action, args } = step;
    if (action === last) break;
    last = action;
    const key = keyOf(entity, id);
    // Whether actions want a version is not known (contract 10.1): it is sent where there is one.
    await log.step(actionStep(entity, action), () =>
      deps.transport.act(objectOf(entity).domain, key, action, args, row.version),
    );
  }
  throw new Failure(
    'rejected',
    `SAP accepted ${last ?? 'the action'} for ${objectOf(entity).noun} ${id} but shows it unmoved; look at its status there.`,
    { applied: 'no' },
  );
}

export async function moveOrder(
  deps: StepDeps,
  id: string,
  wanted: { target: string; completedAt: Json | undefined },
  { log, from }: Pick<Walk, 'log' | 'from'>,
): Promise<SapRow> {
  const target = targetOf(wanted.target, deps.config);
  if (from !== null) log.expect(orderSteps(textIn(from.doc.SystemStatusText), target));
  const next: Walk['next'] = ({ doc }) => {
    const line = textIn(doc.SystemStatusText);
    // Closed is at least completed: without leave to close, nothing is reopened either.
    if (wanted.target === 'CLSD' && target === 'TECO' && /\bCLSD\b/.test(line)) return null;
    const action = nextOrderAction(line, target);
    if (action === null) return null;
    return { action, args: orderArguments(action, wanted.completedAt) };
  };
  return walk(deps, { entity: 'work_order', id, log, from, next });
}

/** Only technical completion takes a moment. */
export function orderArguments(action: string, completedAt: Json | undefined): Arguments {
  const at = textIn(completedAt);
  return action === 'SetMaintOrdToTechCompleted' && at !== ''
    ? { MaintOrderReferenceDateTime: { value: at, kind: 'instant' } }
    : {};
}

export function targetOf(target: string, { allowClose }: SapConfig): string {
  return target === 'CLSD' && !allowClose ? 'TECO' : target;
}

/** Only the lock is taken off: where the order goes is another question. */
export async function unlockOrder(deps: StepDeps, { doc, version }: SapRow, log: WriteLog): Promise<void> {
  const key = keyOf('work_order', externalIdOf('work_order', doc));
  await log.step(UNLOCK, () => deps.transport.act('order', key, UNLOCK.name, {}, version));
}

/** Makes way for a change and carries nothing of it. */
export const UNLOCK: WriteStep = { name: 'SetMaintOrderStatusToUnlocked', fields: [] };
export const LOCK: WriteStep = { name: 'SetMaintOrderStatusToLocked', fields: [] };

/** Puts back the lock that made way, whatever else the order is. */
export async function lockAgain(deps: StepDeps, id: string): Promise<void> {
  const { version } = await reread(deps, 'work_order', id);
  await deps.transport.act('order', keyOf('work_order', id), LOCK.name, {}, version);
}

export async function moveNotification(
  deps: StepDeps,
  id: string,
  target: string,
  { log, from }: Pick<Walk, 'log' | 'from'>,
): Promise<SapRow> {
  const next: Walk['next'] = ({ doc }) => {
    const action = nextNotificationAction(phaseIn(doc), target);
    return action === null ? null : { action, args: {} };
  };
  return walk(deps, { entity: 'request', id, log, from, next });
}

export async function moveObject(
  deps: StepDeps,
  { entity, id, target }: { entity: 'asset' | 'location'; id: string; target: string },
  { log, from }: Pick<Walk, 'log' | 'from'>,
): Promise<SapRow> {
  const next: Walk['next'] = ({ doc }) => {
    const action = nextObjectAction(entity, marksOf(entity, doc), target);
    return action === null ? null : { action, args: {} };
  };
  return walk(deps, { entity, id, log, from, next });
}

export async function movePoint(
  deps: StepDeps,
  id: string,
  active: boolean,
  { log, from }: Pick<Walk, 'log' | 'from'>,
): Promise<SapRow> {
  const next: Walk['next'] = ({ doc }) => {
    const isActive = doc.MeasuringPointIsInactive !== true;
    if (isActive === active) return null;
    return { action: pointAction(active), args: {} };
  };
  return walk(deps, { entity: 'meter', id, log, from, next });
}

/**
 * Moves an equipment: out of where it is, into where it shall be (contract 2.4). Below another equipment the place is that
 * of the parent, so SAP is told the parent alone.
 */
export async function placeEquipment(
  deps: StepDeps,
  id: string,
  wanted: { parent?: Json | undefined; location?: Json | undefined },
  { log, from }: Pick<Walk, 'log' | 'from'>,
): Promise<void> {
  const row = from ?? (await reread(deps, 'asset', id));
  const now = {
    parent: plainKey(row.doc.SuperordinateEquipment),
    location: textIn(row.doc.FunctionalLocation),
  };
  const parent = wanted.parent === undefined ? now.parent : plainKey(wanted.parent);
  const location = wanted.location === undefined ? now.location : textIn(wanted.location);
  if (
    parent === now.parent &&
    (location === now.location || (parent !== '' && wanted.location === undefined))
  )
    return;
  if (parent !== '' && parent === now.parent) throw parentDecides(location);
  const { date, time } = localOf(deps.now(), deps.config.timeZone);
  const when: Arguments = {
    EquipmentInstallationDate: { value: date, kind: 'date' },
    EquipmentInstallationTime: { value: time, kind: 'time' },
  };
  const at = (place: { parent: string; location: string }): Arguments =>
    place.parent === ''
      ? { FunctionalLocation: { value: place.location, kind: 'text' } }
      : { SuperordinateEquipment: { value: place.parent, kind: 'text' } };
  const key = keyOf('asset', id);
  const leaves = now.parent !== '' || now.location !== '';
  if (leaves) {
    await log.step(DISMANTLE, () =>
      deps.transport.act('equipment', key, DISMANTLE.name, { ...at(now), ...when }, row.version),
    );
  }
  if (parent === '' && location === '') return;
  const between = leaves ? await reread(deps, 'asset', id) : row;
  const args = { ...at({ parent, location }), ...when };
  await log.step(INSTALL, () => deps.transport.act('equipment', key, INSTALL.name, args, between.version));
  if (parent === '' || wanted.location === undefined) return;
  const after = await reread(deps, 'asset', id);
  const shown = textIn(after.doc.FunctionalLocation);
  if (location !== '' && shown !== '' && shown !== location) throw parentDecides(location);
}

const PLACE = ['SuperordinateEquipment', 'FunctionalLocation'];
export const DISMANTLE: WriteStep = { name: 'DismantleEquipment', fields: PLACE };
export const INSTALL: WriteStep = { name: 'InstallEquipment', fields: PLACE };

function parentDecides(location: string): Failure {
  return new Failure(
    'rejected',
    `SAP places an equipment where its parent is, not at ${location === '' ? 'no place' : location}; move the parent or take the equipment out of it.`,
    { path: 'FunctionalLocation' },
  );
}

/** Adds a measurement document, unless the same reading is there: documents can only be added (contract 8.6). */
export async function addReading(
  deps: StepDeps,
  point: SapRow,
  reading: Json,
  { log, isNew }: { log: WriteLog; isNew: boolean },
): Promise<void> {
  if (!isObject(reading)) return;
  const value = numberIn(reading.value);
  const at = Date.parse(textIn(reading.at));
  if (value === null || Number.isNaN(at)) {
    throw new Failure('rejected', 'SAP takes readings with a number and a moment only.', {
      path: '_reading',
    });
  }
  const { timeZone } = deps.config;
  const { date, time } = localOf(at, timeZone);
  const id = textIn(point.doc.MeasuringPoint);
  const [known = []] = isNew
    ? []
    : await deps.transport.lists('document', [newestReadings(id, READINGS_SEEN)]);
  const moment = momentOf(date, time, timeZone);
  const same = known.some(
    ({ doc }) =>
      numberIn(doc.MeasurementReadingInEntryUoM) === value &&
      momentOf(doc.MsmtRdngDate, doc.MsmtRdngTime, timeZone) === moment,
  );
  if (same) return;
  const unit = textIn(point.doc.CharcValueUnit) || textIn(point.doc.MeasurementRangeUnit);
  const fields: JsonObject = {
    MeasuringPoint: id,
    MsmtRdngDate: date,
    MsmtRdngTime: time,
    MeasurementReadingInEntryUoM: value,
    ...(unit === '' ? {} : { MeasurementReadingEntryUoM: unit }),
  };
  await log.step(READING, () => deps.transport.create('document', fields));
}

export const READING: WriteStep = { name: 'measurement document', fields: ['_reading'] };
