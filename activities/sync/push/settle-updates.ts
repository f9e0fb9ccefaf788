/** What becomes of the intents to update once the outcomes are known: over, or kept with what was learned of the steps. */
import type { WriteOutcome } from '../../../connectors/kit/contract.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { Tx } from '../../../store/index.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
import type { EntityWork } from '../entity-work.ts';
import type { Effect } from './effect-of.ts';
import type { Foreseen } from './foresee-steps.ts';
import type { Planned, PlannedUpdate } from './plan.ts';
import { withForeseen } from './step-values.ts';

/** What is known of a batch of writes. */
interface Written {
  planned: ReadonlyMap<string, Planned>;
  outcomes: ReadonlyMap<string, WriteOutcome>;
  begun: ReadonlySet<string>;
  foreseen: ReadonlyMap<string, Foreseen>;
}

/** Part of the transaction that stores the answers, before they are merged: the merge asks what is ours. */
export async function settleUpdates(
  work: EntityWork,
  tx: Tx,
  { planned, outcomes, begun, foreseen }: Written,
  effects: readonly Effect[],
): Promise<void> {
  const { repo } = work.deps;
  const ends = new Map(effects.map(({ key, update }) => [key, update]));
  const over: string[] = [];
  const kept: StoredUpdateIntent[] = [];
  for (const [key, plan] of planned) {
    if (plan.create) continue;
    // One that never reached the vendor's session changed nothing there.
    const end = ends.get(key) ?? (plan.again || begun.has(key) ? 'keep' : 'over');
    if (end === 'over') over.push(key);
    else {
      const known = foreseen.get(key) ?? { intent: plan.intent, before: null };
      kept.push(...(await keptIntent(work, { ...plan, ...known }, outcomes.get(key), end)));
    }
  }
  await repo.updateIntents.drop(tx, work.scope.connectionId, over);
  await repo.updateIntents.store(tx, work.scope, kept);
}

async function keptIntent(
  work: EntityWork,
  { intent, op, before }: PlannedUpdate & { before: JsonObject | null },
  outcome: WriteOutcome | undefined,
  end: 'keep' | 'refused',
): Promise<StoredUpdateIntent[]> {
  // Comments alone have none.
  if (Object.keys(op.payload).length === 0) return [];
  const progress = outcome !== undefined && 'progress' in outcome ? outcome.progress : undefined;
  const steps = progress === undefined ? [] : [...progress.done, ...progress.remaining];
  const learned = before === null ? intent : await withForeseen(work, intent, before, steps);
  const state = end === 'refused' ? 'refused' : intent.state;
  return state === intent.state && learned === intent ? [] : [{ ...learned, state }];
}
