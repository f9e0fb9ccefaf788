/**
 * The way back of a write that was refused half-way: what was moved on the way is led to where it was, so that a refusal leaves
 * nothing behind. Where SAP has no way back, or the way back fails too, the failure says where the record stands.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { WriteStep } from '../kit/contract.ts';
import { saying } from '../kit/failures.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { createWriteLog } from '../kit/write-log.ts';
import type { WriteLog } from '../kit/write-log.ts';
import { originOf } from './status.ts';
import {
  DISMANTLE,
  INSTALL,
  lockAgain,
  moveObject,
  moveOrder,
  placeEquipment,
  reread,
  UNLOCK,
} from './steps.ts';
import type { StepDeps } from './steps.ts';
import type { SapRow } from './transport.ts';
import { plainKey, textIn } from './wire.ts';

interface Attempt {
  entity: Entity;
  id: string;
  /** The record before the write. */
  before: SapRow;
  log: WriteLog;
}

/** The failure to tell: as it is when everything stands as before, else with where the record stands. */
export async function takeBack(deps: StepDeps, attempt: Attempt, failure: Failure): Promise<Failure> {
  const { entity, log } = attempt;
  const refused = failure.kind !== 'bug' && outcomeOf('', failure).outcome === 'rejected';
  const moved = log.done().filter(isMove);
  if (moved.length === 0) return failure;
  // A lock that only made way is put back whatever the failure was: the change itself did not get through.
  const madeWay = moved.every((step) => step === UNLOCK) && moved.length === log.done().length;
  if (!refused && !madeWay) return failure;
  try {
    if (madeWay) await lockAgain(deps, attempt.id);
    else await leadBack(deps, attempt);
    log.takenBack(moved);
    return failure;
  } catch (error) {
    return saying(failure, await whereItStands(deps, entity, attempt.id, toFailure(error)));
  }
}

function isMove(step: WriteStep): boolean {
  return (
    step === UNLOCK ||
    step === DISMANTLE ||
    step === INSTALL ||
    step.fields.includes('_lifeCycle') ||
    step.fields.includes('_state')
  );
}

async function leadBack(deps: StepDeps, { entity, id, before, log }: Attempt): Promise<void> {
  const { doc } = before;
  const done = log.done();
  const quiet = createWriteLog();
  if (done.some(({ fields }) => fields.includes('_state'))) {
    if (entity === 'asset')
      await moveObject(deps, { entity, id, target: assetState(before) }, { log: quiet, from: null });
    if (entity === 'location')
      await moveObject(deps, { entity, id, target: locationState(before) }, { log: quiet, from: null });
  }
  if (done.includes(DISMANTLE)) {
    const place = {
      parent: plainKey(doc.SuperordinateEquipment),
      location: textIn(doc.FunctionalLocation),
    };
    await placeEquipment(deps, id, place, { log: quiet, from: null });
  }
  if (entity !== 'work_order') return;
  const target = originOf(textIn(doc.SystemStatusText));
  if (target === null) throw new Failure('rejected', 'Its status before has no name that SAP could be told.');
  await moveOrder(deps, id, { target, completedAt: undefined }, { log: quiet, from: null });
}

function assetState({ doc }: SapRow): string {
  if (doc.EquipmentIsMarkedForDeletion === true) return 'deleted';
  return doc.EquipmentIsInactive === true ? 'inactive' : 'active';
}

function locationState({ doc }: SapRow): string {
  if (doc.FuncnlLocIsMarkedForDeletion === true) return 'deleted';
  return doc.FuncnlLocIsDeactivated === true ? 'inactive' : 'active';
}

async function whereItStands(deps: StepDeps, entity: Entity, id: string, why: Failure): Promise<string> {
  const row = await reread(deps, entity, id).catch(() => null);
  const status = textIn(row?.doc.SystemStatusText);
  const at = status === '' ? 'between the two' : `at "${status}"`;
  return `what was done before that could not be taken back (${why.message.replace(/\.$/, '')}), so it stands ${at} now`;
}
