/**
 * What a vendor showed last, as the present mapping shows it, when the mapping changed since. Only what the old one knew is
 * a base; what is new in the mapping is news, and is taken.
 */
import type { FieldShape, FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import { isNothing, isObject, keyElements } from './value-path.ts';

/** A value as it was shown then, as the hub agreed to it then, and as the same record is shown now. */
interface Shown<T> {
  then: T;
  agreed: T;
  now: T;
}

/**
 * A value that the new mapping reads differently keeps the base it had where hub and vendor agreed to the letter: what was
 * mapped wrongly is put right, unless somebody changed it here. Where the vendor stores less, the hub's finer value stays.
 */
export function remappedBase(record: Shown<JsonObject>, shapes: FieldShapes): JsonObject {
  const base: JsonObject = {};
  for (const [field, now] of Object.entries(record.now)) {
    const then = record.then[field];
    if (then === undefined) continue;
    const value = remapped({ then, agreed: record.agreed[field] ?? null, now }, shapes[field]);
    if (!isNothing(value)) base[field] = value;
  }
  return base;
}

function remapped({ then, agreed, now }: Shown<Json>, shape: FieldShape | undefined): Json {
  if (jsonEqual(then, agreed)) return then;
  if (shape?.kind === 'named' && isObject(then) && isObject(now))
    return remappedMembers({ then, agreed: isObject(agreed) ? agreed : {}, now });
  if (shape?.kind !== 'list') return now;
  const lists = {
    then: keyElements(then, shape.identity),
    agreed: keyElements(agreed, shape.identity),
    now: keyElements(now, shape.identity),
  };
  if (!lists.then.ok || !lists.agreed.ok || !lists.now.ok) return now;
  const elements: JsonObject[] = [];
  for (const [key, element] of lists.now.elements) {
    const before = lists.then.elements.get(key);
    if (before === undefined) continue;
    elements.push(
      remappedMembers({ then: before, agreed: lists.agreed.elements.get(key) ?? {}, now: element }),
    );
  }
  return elements;
}

function remappedMembers({ then, agreed, now }: Shown<JsonObject>): JsonObject {
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, value]): [string, Json][] => {
      const before = then[name];
      if (before === undefined) return [];
      return [[name, jsonEqual(before, agreed[name] ?? null) ? before : value]];
    }),
  );
}
