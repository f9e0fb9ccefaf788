/**
 * First-link matching: which fields make two records the same thing. A rule applies when all its fields are known;
 * texts compare without case and outer blanks, everything else exactly.
 */
import { canonicalJson, type Json, type JsonObject } from '../json.ts';
import type { Entity } from '../entities/index.ts';

/** The text that two matching records have in common under a rule; null when the rule does not apply. */
export function matchText(entity: Entity, rule: readonly string[], fields: JsonObject): string | null {
  const parts: string[] = [entity];
  for (const field of rule) {
    const value = fields[field];
    if (value === undefined || value === null) return null;
    parts.push(`${field}=${normalise(value)}`);
  }
  return parts.join('|');
}

function normalise(value: Json): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : canonicalJson(value);
}
