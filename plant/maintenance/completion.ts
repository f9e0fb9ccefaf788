/** What finished work leaves behind, whoever finished it and by which endpoint: at the asset, and at the schedule it came from. */
import { repositories, type Tx } from '../../store/index.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { setLook } from '../../store/maintenance/rules.ts';
import { recordMaintenance } from '../assets/figures.ts';
import { afterWork, lookAt } from './plan-schedule.ts';
import { loadSetting } from './plan-setting.ts';
import type { PersonDeps } from '../person.ts';
import { editRecord } from '../work-orders/edit.ts';
import { orderFields } from '../work-orders/fields.ts';

/** Call once per order, in the transaction that completed it; the caller holds the order, this locks the schedule after it. */
export async function afterCompletion(deps: PersonDeps, tx: Tx, order: HubRecord, at: string): Promise<void> {
  const { asset, plan: planId, completedAt = at, actualCost, scheduledStart } = orderFields(order);
  if (asset !== undefined) {
    await recordMaintenance(deps, tx, { assetId: asset, at: completedAt, cost: actualCost ?? null });
  }
  if (planId === undefined) return;
  const plan = (await repositories.hubRecords.lock(tx, [planId])).get(planId);
  if (plan === undefined || plan.deletedAt !== null) return;
  const setting = await loadSetting(tx, plan);
  const moved = afterWork(setting, { plannedFor: scheduledStart ?? null, completedAt });
  await editRecord(deps, tx, plan, { ...moved }, { action: 'maintenance.executed', at });
  const { lastDoneAt } = moved;
  await setLook(
    tx,
    plan.id,
    lookAt({ ...setting, fields: { ...setting.fields, lastDoneAt } }, moved.nextDueAt),
  );
}
