/** Which steps a write will take, by its payload: what is told as still to come when one of them fails. Pure. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { WriteStep } from '../kit/contract.ts';
import type { SapConfig } from './config.ts';
import { notificationSteps, objectSteps, orderSteps, phaseIn, pointSteps } from './status-steps.ts';
import { INSTALL, READING, targetOf } from './steps.ts';
import type { SapRow } from './transport.ts';
import { textIn } from './wire.ts';
import type { Body } from './wire.ts';

/** Fields that go by steps of their own, behind the unit of work that carries all others. */
const BY_STEPS: Readonly<Partial<Record<Entity, readonly string[]>>> = {
  location: ['_state'],
  asset: ['_state', 'SuperordinateEquipment', 'FunctionalLocation'],
  meter: ['_active', '_reading'],
  request: ['_phase'],
  work_order: ['_lifeCycle', '_completedAt'],
};

/** The long text of a new equipment or functional location. */
export const LONG_TEXT: WriteStep = { name: 'long text', fields: ['_longText'] };

/** The names that the unit of work itself carries. */
export function changedNames(entity: Entity, payload: JsonObject): string[] {
  return Object.keys(payload).filter((name) => BY_STEPS[entity]?.includes(name) !== true);
}

/** What follows the unit of work, in order. A status path is known from where the record stands. */
export function stepsAfter(
  entity: Entity,
  { own }: Body,
  row: SapRow | null,
  config: SapConfig,
): WriteStep[] {
  const doc = row?.doc ?? {};
  const steps: WriteStep[] = [];
  if (row === null && (entity === 'asset' || entity === 'location') && textIn(own._longText) !== '')
    steps.push(LONG_TEXT);
  if (entity === 'asset' && ('SuperordinateEquipment' in own || 'FunctionalLocation' in own))
    steps.push(INSTALL);
  if (entity === 'meter' && own._reading != null) steps.push(READING);
  return [...steps, ...moves(entity, own, doc, config)];
}

function moves(entity: Entity, own: Body['own'], doc: SapRow['doc'], config: SapConfig): WriteStep[] {
  if (entity === 'work_order' && typeof own._lifeCycle === 'string')
    return orderSteps(textIn(doc.SystemStatusText) || 'CRTD', targetOf(own._lifeCycle, config));
  if (entity === 'request' && typeof own._phase === 'string')
    return notificationSteps(phaseIn(doc), own._phase);
  if ((entity === 'asset' || entity === 'location') && typeof own._state === 'string')
    return objectSteps(entity, doc, own._state);
  return entity === 'meter' && typeof own._active === 'boolean' ? pointSteps(doc, own._active) : [];
}
