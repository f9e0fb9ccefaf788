/** The keys by which first-link matching finds a hub record: one for each match rule of any system whose fields it has. */
import type { Entity } from '../domain/entities/index.ts';
import type { JsonObject } from '../domain/json.ts';
import { matchText } from '../domain/merge/match.ts';

/** What the writer must know of the mappings. */
export interface HubRules {
  /** Every list of fields that some system's mapping matches this entity by. */
  matchRules(entity: Entity): readonly (readonly string[])[];
}

/**
 * Signed 64-bit key of a match text, as decimal: two 32-bit multiplicative hashes. It only finds candidates, values decide,
 * so it need not be cryptographic; SHA-256 took four times as long on every record of a first sync.
 */
export function matchKey(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  return BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString();
}

export function matchKeysOf(
  rules: HubRules,
  entity: Entity,
  hubId: string,
  fields: JsonObject,
): { key: string; hubId: string }[] {
  const keys: { key: string; hubId: string }[] = [];
  for (const rule of rules.matchRules(entity)) {
    const text = matchText(entity, rule, fields);
    if (text !== null) keys.push({ key: matchKey(text), hubId });
  }
  return keys;
}
