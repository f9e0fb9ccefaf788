/**
 * Values that differ and that one vendor would store the same: `closed` and `completed` where it knows `complete` only, a title
 * and its first 40 characters. Where there is no base, or our own write is half done, such a difference is nobody's edit.
 * Asks the push mapping; decides nothing.
 */
import type { FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import {
  elementPath,
  isObject,
  keyElements,
  memberPath,
  parsePath,
  valueAt,
  withValueAt,
} from './value-path.ts';

export interface AlikeInput {
  ours: JsonObject;
  theirs: JsonObject;
  /** The fields to look at: those that are both read and written. */
  fields: readonly string[];
  shapes: FieldShapes;
  /** What a push of this one field with this value would send; null when it cannot be mapped. */
  payloadOf(field: string, value: Json): Promise<Json | null>;
}

/** Paths of the values that differ and push to the same payload: fields, and members of list elements both sides have. */
export async function alikeForVendor(input: AlikeInput): Promise<Set<string>> {
  const alike = new Set<string>();
  for (const field of input.fields) {
    const [ours, theirs] = [input.ours[field] ?? null, input.theirs[field] ?? null];
    if (ours === null || theirs === null || jsonEqual(ours, theirs)) continue;
    if (await isAlike(input, field, [ours, theirs])) alike.add(field);
    else for (const path of await alikeMembers(input, field)) alike.add(path);
  }
  return alike;
}

async function isAlike(input: AlikeInput, field: string, values: readonly [Json, Json]): Promise<boolean> {
  const mine = await input.payloadOf(field, values[0]);
  return mine !== null && jsonEqual(mine, (await input.payloadOf(field, values[1])) ?? undefined);
}

/** Element by element first, so that lists of equal elements cost nothing and most others two payloads an element. */
async function alikeMembers(input: AlikeInput, field: string): Promise<string[]> {
  const shape = input.shapes[field];
  if (shape?.kind !== 'list') return [];
  const [ours, theirs] = [
    keyElements(input.ours[field], shape.identity),
    keyElements(input.theirs[field], shape.identity),
  ];
  if (!ours.ok || !theirs.ok) return [];
  const paths: string[] = [];
  for (const [key, element] of ours.elements) {
    const other = theirs.elements.get(key);
    if (other === undefined) continue;
    const names = Object.keys(element).filter((name) => !jsonEqual(element[name], other[name] ?? null));
    const isSame = (changed: readonly string[]): Promise<boolean> =>
      isAlike(input, field, [[element], [withMembersOf(element, other, changed)]]);
    const same = names.length > 0 && (await isSame(names)) ? names : [];
    for (const name of names)
      if (same.length > 0 || (names.length > 1 && (await isSame([name]))))
        paths.push(memberPath(elementPath(field, key), name));
  }
  return paths;
}

function withMembersOf(element: JsonObject, other: JsonObject, names: readonly string[]): JsonObject {
  const result: JsonObject = { ...element };
  for (const name of names) {
    const value = other[name] ?? null;
    if (value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}

export interface BothBases {
  baseHub: JsonObject;
  baseExternal: JsonObject;
}

/** The bases with these values counted as agreed, each side's as it is. */
export function agreedAt(
  bases: BothBases,
  paths: Iterable<string>,
  { ours, theirs, shapes }: Pick<AlikeInput, 'ours' | 'theirs' | 'shapes'>,
): BothBases {
  let { baseHub, baseExternal } = bases;
  for (const path of paths) {
    baseHub = withElement(baseHub, path, ours, shapes);
    baseExternal = withElement(baseExternal, path, theirs, shapes);
    baseHub = withValueAt(baseHub, path, valueAt(ours, path, shapes), shapes);
    baseExternal = withValueAt(baseExternal, path, valueAt(theirs, path, shapes), shapes);
  }
  return { baseHub, baseExternal };
}

/** Members can be agreed on only of an element that the base has: at least by its name. */
function withElement(base: JsonObject, path: string, record: JsonObject, shapes: FieldShapes): JsonObject {
  const { field, element, member } = parsePath(path);
  const shape = shapes[field];
  if (element === null || member === null || shape?.kind !== 'list') return base;
  const within = elementPath(field, element);
  const there = valueAt(record, within, shapes);
  if (!isObject(there) || valueAt(base, within, shapes) !== null) return base;
  const name = Object.fromEntries(shape.identity.map((part) => [part, there[part] ?? null]));
  const known = Object.fromEntries(Object.entries(name).filter(([, value]) => value !== null));
  return withValueAt(base, within, known, shapes);
}
