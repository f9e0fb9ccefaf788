/**
 * First-link matching: which fields make two records the same thing. A rule applies when all its fields are known, and a
 * placeholder such as `N/A` is not known; texts compare without case and outer blanks, everything else exactly.
 */
import { canonicalJson, type Json, type JsonObject } from '../json.ts';
import type { Entity } from '../entities/index.ts';
import { isPlaceholder } from './placeholder.ts';

/** The text that two matching records have in common under a rule; null when the rule does not apply. */
export function matchText(entity: Entity, rule: readonly string[], fields: JsonObject): string | null {
  const parts: string[] = [entity];
  for (const field of rule) {
    const value = fields[field];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' && isPlaceholder(value)) return null;
    parts.push(`${field}=${normalise(value)}`);
  }
  return parts.join('|');
}

/** What one thing has once, whoever writes it down. Tags and codes are not among them: each system numbers in its own way. */
const WORLDWIDE: ReadonlySet<string> = new Set(['serialNumber', 'email']);

/** What makes two records of a kind certainly two, although a rule says that they are one. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  // Serial numbers are unique to who made the thing.
  serialNumber: ['manufacturer'],
};

/**
 * The fields by which two records that agree under a rule contradict each other, empty when none does: a rule before it, of what a
 * thing has once, is known on both sides and differs; or they were made by two makers. Names of makers agree when one holds the other (`CAT`,
 * `Caterpillar Inc.`).
 */
export function contradictions(
  entity: Entity,
  rules: readonly (readonly string[])[],
  agreed: readonly string[],
  [ours, theirs]: readonly [JsonObject, JsonObject],
): string[] {
  const found: string[] = [];
  for (const rule of rules.slice(0, Math.max(0, rules.indexOf(agreed)))) {
    if (!rule.every((field) => WORLDWIDE.has(field))) continue;
    const [one, other] = [matchText(entity, rule, ours), matchText(entity, rule, theirs)];
    if (one !== null && other !== null && one !== other) found.push(rule.join(', '));
  }
  for (const field of agreed.flatMap((name) => BESIDE[name] ?? [])) {
    const [one, other] = [ours[field], theirs[field]];
    if (typeof one !== 'string' || typeof other !== 'string') continue;
    if (isPlaceholder(one) || isPlaceholder(other) || isSameName(one, other)) continue;
    found.push(field);
  }
  return found;
}

function isSameName(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  return a === undefined || b === undefined || a.includes(b) || b.includes(a);
}

function normalise(value: Json): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : canonicalJson(value);
}
