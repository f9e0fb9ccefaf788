/**
 * A plant's own changes to a shipped mapping, rule by rule: what is not named stays as shipped and follows later releases.
 * The result is a mapping text like any other, so that everything that checks and compiles files checks and compiles it; what is
 * found in it is told by the override's own path, because nobody sees the merged text.
 */
import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { CONFLICT_POLICIES } from '../../domain/merge/decision.ts';
import { readYaml, type MappingText } from './source.ts';

/** Null takes a shipped rule away. The rules themselves are judged when the merged mapping is compiled. */
const rule = z.looseObject({ replace: z.literal(true).optional() }).pipe(z.record(z.string(), z.json()));
const rules = z.record(z.string().min(1).max(200), z.union([rule, z.null()]));

export const mappingOverride = z.strictObject({
  /** The shipped mapping is left aside as a whole; what is here is all there is. */
  replace: z.boolean().optional(),
  match: z
    .array(z.array(z.string().min(1)).min(1))
    .max(20)
    .optional(),
  /** Values with which the system says "nothing", e.g. false. */
  empty: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .max(50)
    .optional(),
  conflict: z
    .strictObject({
      default: z.enum(CONFLICT_POLICIES).optional(),
      fields: z.record(z.string(), z.enum(CONFLICT_POLICIES)).optional(),
    })
    .optional(),
  pull: rules.optional(),
  push: rules.optional(),
});
export type MappingOverride = z.infer<typeof mappingOverride>;

type Rules = Record<string, JsonObject | null>;

/**
 * Example: `{ pull: { category: { path: customCategory } }, push: { priority: null } }` over UpKeep's work orders. A rule takes the place
 * of the shipped one as a whole, and may say so with `replace: true`. `replace: true` beside `pull` leaves all that ships aside. `label`
 * names the override in messages, before the path within it; `''` when the reader knows which is meant.
 */
export function withOverride(shipped: MappingText, override: JsonObject, label: string): MappingText {
  const parsed = mappingOverride.safeParse(override);
  const at = (path: readonly (string | number)[]): string =>
    [label, path.map(String).join('.')].filter((part) => part !== '').join(' ');
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
    throw new Failure('mapping_failed', `${at(path)}: ${issue?.message ?? 'does not fit'}.`, {
      path: path.join('.'),
    });
  }
  const { replace, match, empty, conflict, pull, push } = parsed.data;
  const source = readYaml(shipped);
  const whole = source.data as Record<string, unknown>;
  const base = replace === true ? { ...whole, match: [], conflict: {}, pull: {}, push: {} } : whole;
  const merged = {
    ...base,
    ...(match === undefined ? {} : { match }),
    ...(empty === undefined ? {} : { empty }),
    conflict: {
      ...conflictOf(base),
      ...(conflict?.default === undefined ? {} : { default: conflict.default }),
      fields: { ...(conflictOf(base)['fields'] as object | undefined), ...conflict?.fields },
    },
    pull: laidOver((base['pull'] ?? {}) as Rules, pull ?? {}),
    push: laidOver((base['push'] ?? {}) as Rules, push ?? {}),
  };
  return {
    file: label === '' ? shipped.file : label,
    text: JSON.stringify(merged),
    at: (path) => {
      const own = deepest(override, path);
      const isOwn = replace === true || own.length > 1 || (own.length === 1 && path.length === 1);
      return isOwn ? at(own) : source.at(path);
    },
  };
}

function conflictOf(mapping: { conflict?: unknown }): Record<string, unknown> {
  return (mapping.conflict ?? {}) as Record<string, unknown>;
}

/** As far as the override says something along the path. */
function deepest(override: JsonObject, path: readonly (string | number)[]): (string | number)[] {
  const found: (string | number)[] = [];
  let value: Json | undefined = override;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) break;
    value = (value as Record<string | number, Json>)[part];
    found.push(part);
  }
  return found;
}

function laidOver(base: Rules, own: Rules): Rules {
  const merged: Rules = { ...base };
  for (const [name, rule] of Object.entries(own)) {
    if (rule === null) delete merged[name];
    else {
      const { replace: _always, ...keys } = rule;
      merged[name] = keys;
    }
  }
  return merged;
}
