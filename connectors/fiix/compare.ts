/** Columns as wanted against columns as shown. Pure. */
import { jsonEqual } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';

/** The fields that differ from what the record shows; null and absent are the same. */
export function differing(wanted: JsonObject, raw: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => !jsonEqual(value, raw[name] ?? null)),
  );
}

/** The first field that was written and shows its old value all the same. */
export function notStored(wanted: JsonObject, before: JsonObject, after: JsonObject): string | undefined {
  return Object.keys(wanted).find((name) => {
    const now = after[name] ?? null;
    return jsonEqual(now, before[name] ?? null) && !jsonEqual(now, wanted[name] ?? null);
  });
}

export function withoutNulls(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
