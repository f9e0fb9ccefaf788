/** Status moves as the steps of a write: which action, what of the payload it carries, what a pull shows after it. Pure. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { WriteStep } from '../kit/contract.ts';
import {
  lifeCycleOf,
  nextNotificationAction,
  nextObjectAction,
  orderPath,
  phaseAfter,
  stateAfter,
} from './status.ts';
import type { ObjectMarks } from './status.ts';
import { textIn } from './wire.ts';

/** What an action moves, by the name the payload has for it. */
const MOVES: Readonly<Partial<Record<Entity, string>>> = {
  work_order: '_lifeCycle',
  request: '_phase',
  asset: '_state',
  location: '_state',
  meter: '_active',
};
/** The longest way of a notification or of an object. */
const PATH_MAX = 3;

export function actionStep(entity: Entity, action: string, shows?: JsonObject): WriteStep {
  return { name: action, fields: [MOVES[entity] ?? ''], ...(shows === undefined ? {} : { shows }) };
}

/** The actions that lead an order from a status line to a target; as far as there is a way. */
export function orderSteps(line: string, target: string): WriteStep[] {
  return orderPath(line, target).map(({ action, line: after }) =>
    actionStep('work_order', action, { _lifeCycle: lifeCycleOf(after, '') }),
  );
}

/** Throws `rejected` where there is no way. */
export function notificationSteps(phase: string, target: string): WriteStep[] {
  const steps: WriteStep[] = [];
  for (let now = phase; steps.length < PATH_MAX;) {
    const action = nextNotificationAction(now, target);
    if (action === null) break;
    now = phaseAfter(action);
    steps.push(actionStep('request', action, { _phase: now }));
  }
  return steps;
}

export function objectSteps(entity: 'asset' | 'location', doc: JsonObject, target: string): WriteStep[] {
  const steps: WriteStep[] = [];
  for (let now = marksOf(entity, doc); steps.length < PATH_MAX;) {
    const action = nextObjectAction(entity, now, target);
    if (action === null) break;
    now = stateAfter(entity, now, action);
    const _state = now.marked ? 'deleted' : now.inactive ? 'inactive' : 'active';
    steps.push(actionStep(entity, action, { _state }));
  }
  return steps;
}

export function pointSteps(doc: JsonObject, active: boolean): WriteStep[] {
  if ((doc.MeasuringPointIsInactive !== true) === active) return [];
  return [actionStep('meter', pointAction(active), { MeasuringPointIsInactive: !active })];
}

export function pointAction(active: boolean): string {
  return active ? 'ActivateMeasuringPoint' : 'DeactivateMeasuringPoint';
}

export function marksOf(entity: 'asset' | 'location', doc: JsonObject): ObjectMarks {
  return entity === 'asset'
    ? { inactive: doc.EquipmentIsInactive === true, marked: doc.EquipmentIsMarkedForDeletion === true }
    : { inactive: doc.FuncnlLocIsDeactivated === true, marked: doc.FuncnlLocIsMarkedForDeletion === true };
}

/** The phase a notification is in, as its actions go by it. */
export function phaseIn(doc: JsonObject): string {
  return textIn(doc.NotifProcessingPhase);
}
