/** What the steps of a write show on the way, as the pull mapping shows it. */
import type { WriteStep } from '../../../connectors/kit/contract.ts';
import { jsonEqual, type JsonObject } from '../../../domain/json.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
import type { EntityWork } from '../entity-work.ts';
import { withSteps } from './begin-intent.ts';

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
