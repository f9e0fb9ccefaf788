/**
 * A plant's own changes to a shipped mapping, rule by rule: what is not named stays as shipped and follows later releases.
 * The result is a mapping text like any other, so that everything that checks and compiles files checks and compiles it.
 */
import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { POLICIES } from './format.ts';
import { readYaml } from './source.ts';

/** Null takes a shipped rule away. The rules themselves are judged when the merged mapping is compiled. */
const rules = z.record(z.string().min(1).max(200), z.union([z.record(z.string(), z.json()), z.null()]));

export const mappingOverride = z.strictObject({
  conflict: z
    .strictObject({
      default: z.enum(POLICIES).optional(),
      fields: z.record(z.string(), z.enum(POLICIES)).optional(),
    })
    .optional(),
  pull: rules.optional(),
  push: rules.optional(),
});
export type MappingOverride = z.infer<typeof mappingOverride>;

/** Example: `{ pull: { category: { path: customCategory } }, push: { priority: null } }` over UpKeep's work orders. */
export function withOverride(
  shipped: { file: string; text: string },
  override: JsonObject,
  label: string,
): { file: string; text: string } {
  const parsed = mappingOverride.safeParse(override);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Failure(
      'mapping_failed',
      `${label} \`${(issue?.path ?? []).map(String).join('.')}\`: ${issue?.message ?? 'does not fit'}.`,
    );
  }
  const base = readYaml(shipped).data as Record<string, Record<string, unknown> | undefined>;
  const { conflict, pull, push } = parsed.data;
  const merged = {
    ...base,
    conflict: {
      ...base['conflict'],
      ...(conflict?.default === undefined ? {} : { default: conflict.default }),
      fields: { ...(base['conflict']?.['fields'] as object | undefined), ...conflict?.fields },
    },
    pull: withoutNull({ ...base['pull'], ...pull }),
    push: withoutNull({ ...base['push'], ...push }),
  };
  return { file: label, text: JSON.stringify(merged, null, 1) };
}

function withoutNull(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
