/**
 * What a write needs beyond plain fields: status moves along the legal path, installing equipment, adding a reading. Each is
 * a walk of single actions with a look at the record in between, because actions tell no state (contract 2.1).
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { SapConfig } from './config.ts';
import { externalIdOf, keyOf, objectOf } from './entities.ts';
import { localOf, momentOf } from './local-time.ts';
import { newestReadings } from './read.ts';
import { nextNotificationAction, nextObjectAction, nextOrderAction } from './status.ts';
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

/** What has already reached SAP; a failure after that is no clean refusal any more. */
export interface Progress {
  touched: boolean;
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

/** Calls the next action until there is none; an action that moves nothing is a refusal. */
async function walk(
  deps: StepDeps,
  entity: Entity,
  id: string,
  progress: Progress,
  next: (row: SapRow) => { action: string; args: Arguments } | null,
): Promise<void> {
  let last: string | null = null;
  for (let count = 0; count < ACTIONS_MAX; count += 1) {
    const row = await reread(deps, entity, id);
    const step = next(row);
    if (step === null) return;
    if (step.action === last) break;
    last = step.action;
    // Whether actions want a version is not known (contract 10.1): it is sent where there is one.
    await deps.transport.act(objectOf(entity).domain, keyOf(entity, id), step.action, step.args, row.version);
    progress.touched = true;
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
  progress: Progress,
): Promise<void> {
  const target = wanted.target === 'CLSD' && !deps.config.allowClose ? 'TECO' : wanted.target;
  await walk(deps, 'work_order', id, progress, ({ doc }) => {
    const line = textIn(doc.SystemStatusText);
    // Closed is at least completed: without leave to close, nothing is reopened either.
    if (wanted.target === 'CLSD' && target === 'TECO' && /\bCLSD\b/.test(line)) return null;
    const action = nextOrderAction(line, target);
    if (action === null) return null;
    const at = textIn(wanted.completedAt);
    const args: Arguments =
      action === 'SetMaintOrdToTechCompleted' && at !== ''
        ? { MaintOrderReferenceDateTime: { value: at, kind: 'instant' } }
        : {};
    return { action, args };
  });
}

/** Only the lock is taken off: where the order goes is another question. */
export async function unlockOrder(
  deps: StepDeps,
  { doc, version }: SapRow,
  progress: Progress,
): Promise<void> {
  const key = keyOf('work_order', externalIdOf('work_order', doc));
  await deps.transport.act(objectOf('work_order').domain, key, 'SetMaintOrderStatusToUnlocked', {}, version);
  progress.touched = true;
}

export async function moveNotification(
  deps: StepDeps,
  id: string,
  target: string,
  progress: Progress,
): Promise<void> {
  await walk(deps, 'request', id, progress, ({ doc }) => {
    const action = nextNotificationAction(textIn(doc.NotifProcessingPhase), target);
    return action === null ? null : { action, args: {} };
  });
}

export async function moveObject(
  deps: StepDeps,
  entity: 'asset' | 'location',
  id: string,
  target: string,
  progress: Progress,
): Promise<void> {
  await walk(deps, entity, id, progress, ({ doc }) => {
    const now =
      entity === 'asset'
        ? { inactive: doc.EquipmentIsInactive === true, marked: doc.EquipmentIsMarkedForDeletion === true }
        : {
            inactive: doc.FuncnlLocIsDeactivated === true,
            marked: doc.FuncnlLocIsMarkedForDeletion === true,
          };
    const action = nextObjectAction(entity, now, target);
    return action === null ? null : { action, args: {} };
  });
}

export async function movePoint(
  deps: StepDeps,
  id: string,
  active: boolean,
  progress: Progress,
): Promise<void> {
  await walk(deps, 'meter', id, progress, ({ doc }) => {
    const isActive = doc.MeasuringPointIsInactive !== true;
    if (isActive === active) return null;
    return { action: active ? 'ActivateMeasuringPoint' : 'DeactivateMeasuringPoint', args: {} };
  });
}

/**
 * Moves an equipment: out of where it is, into where it shall be (contract 2.4). Below another equipment the place is that
 * of the parent, so SAP is told the parent alone.
 */
export async function placeEquipment(
  deps: StepDeps,
  id: string,
  wanted: { parent?: Json | undefined; location?: Json | undefined },
  progress: Progress,
): Promise<void> {
  const row = await reread(deps, 'asset', id);
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
  if (now.parent !== '' || now.location !== '') {
    await deps.transport.act(
      'equipment',
      keyOf('asset', id),
      'DismantleEquipment',
      { ...at(now), ...when },
      row.version,
    );
    progress.touched = true;
  }
  if (parent === '' && location === '') return;
  const between = progress.touched ? await reread(deps, 'asset', id) : row;
  const args = { ...at({ parent, location }), ...when };
  await deps.transport.act('equipment', keyOf('asset', id), 'InstallEquipment', args, between.version);
  progress.touched = true;
  if (parent === '' || wanted.location === undefined) return;
  const after = await reread(deps, 'asset', id);
  const shown = textIn(after.doc.FunctionalLocation);
  if (location !== '' && shown !== '' && shown !== location) throw parentDecides(location);
}

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
  progress: Progress,
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
  const [known = []] = await deps.transport.lists('document', [newestReadings(id, READINGS_SEEN)]);
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
  await deps.transport.create('document', fields);
  progress.touched = true;
}
