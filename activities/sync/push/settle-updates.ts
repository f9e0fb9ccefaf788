/** What becomes of the intents to update once the outcomes are known: over, or kept with what was learned of the steps. */
import type { WriteOutcome, WriteStep } from '../../../connectors/kit/contract.ts';
import { jsonEqual, type JsonObject } from '../../../domain/json.ts';
import type { Tx } from '../../../store/index.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
import type { EntityWork } from '../entity-work.ts';
import { withSteps } from './begin-intent.ts';
import type { Effect } from './effect-of.ts';
import type { PlannedUpdate } from './plan.ts';
import type { BatchResults } from './store-results.ts';

/** Part of the transaction that stores the answers, before they are merged: the merge asks what is ours. */
export async function settleUpdates(
  work: EntityWork,
  tx: Tx,
  { planned, outcomes, begun, foreseen }: BatchResults,
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

/** The intent with what the steps show, as the pull mapping shows it, laid over the record one after another. */
export async function withForeseen(
  { mapping, connection }: Pick<EntityWork, 'mapping' | 'connection'>,
  intent: StoredUpdateIntent,
  before: JsonObject,
  steps: readonly WriteStep[],
): Promise<StoredUpdateIntent> {
  if (!steps.some(({ shows }) => shows !== undefined)) return intent;
  const start = await mapping.pull(before, connection.config);
  if (!start.ok) return intent;
  const shown: JsonObject[] = [];
  let raw = before;
  for (const { shows } of steps) {
    raw = { ...raw, ...shows };
    const mapped = await mapping.pull(raw, connection.config);
    if (mapped.ok) shown.push(differences(start.fields, mapped.fields));
  }
  const all = withSteps(intent.steps, shown);
  const more = [...new Set(shown.flatMap((step) => Object.keys(step)))].filter(
    (field) => !intent.touched.includes(field),
  );
  if (all.length === intent.steps.length && more.length === 0) return intent;
  return { ...intent, steps: all, touched: [...intent.touched, ...more] };
}

function differences(before: JsonObject, after: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys({ ...before, ...after }).flatMap((field) =>
      jsonEqual(before[field] ?? null, after[field] ?? null) ? [] : [[field, after[field] ?? null]],
    ),
  );
}
