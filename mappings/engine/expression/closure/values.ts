/** How JSONata takes values: for truth, equality, text, and as places of names. */
import { spend, spendText, undecided, type Frame, type Value } from './frame.ts';

export type Members = Readonly<Record<string, Value>>;

/** Marks of the interpreter's own, which no vendor's record should bear; one that does is the interpreter's business. */
const MARKS = ['_jsonata_lambda', '_jsonata_function', 'tupleStream', 'outerWrapper'] as const;

export function isObject(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function refuseMarks(value: Members): void {
  for (const mark of MARKS) if (Object.hasOwn(value, mark)) undecided();
}

/** The interpreter takes such a thing for a function, which has no members. */
function isMarked(value: Members): boolean {
  return value['_jsonata_lambda'] === true || value['_jsonata_function'] === true;
}

/** An argument of a call; one that the interpreter would take for a function is its business. */
export function argument(value: Value): Value {
  return isObject(value) && isMarked(value) ? undecided() : value;
}

export function isNumber(value: Value): value is number {
  if (typeof value !== 'number') return false;
  return Number.isFinite(value) ? true : undecided();
}

/** undefined for nothing, as the interpreter keeps apart "no" and "nothing there". */
export function truth(value: Value): boolean | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return isNumber(value) && value !== 0;
    default:
      return value === null ? false : Array.isArray(value) ? truthOfList(value) : truthOfObject(value);
  }
}

export function isTrue(value: Value): boolean {
  return truth(value) === true;
}

function truthOfList(list: readonly Value[]): boolean {
  if (list.length === 1) return truth(list[0]) ?? undecided();
  // All are looked at: one that is no finite number is an error to the interpreter.
  let any = false;
  for (const element of list) if (truth(element) === true) any = true;
  return any;
}

function truthOfObject(value: Value): boolean {
  if (!isObject(value)) return undecided();
  refuseMarks(value);
  for (const name in value) if (Object.hasOwn(value, name)) return true;
  return false;
}

export function isEqual(a: Value, b: Value, frame: Frame): boolean {
  if (typeof a === 'string') {
    spendText(frame, a);
    return a === b;
  }
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  spend(frame, 1);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((element, index) => isEqual(element, b[index], frame));
  // The interpreter compares property names, and a list has a `length`.
  if (Array.isArray(a) || Array.isArray(b))
    return Object.hasOwn(Array.isArray(a) ? b : a, 'length') ? undecided() : false;
  const [left, right] = [a as Members, b as Members];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name)) &&
    names.every((name) => isEqual(left[name], right[name], frame))
  );
}

/** As `$string` and `&` spell it; undefined for nothing. */
export function textOf(value: Value, frame: Frame): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined) return undefined;
  if (typeof value === 'number') return String(spelled(value));
  if (typeof value === 'boolean' || value === null) return String(value);
  return JSON.stringify(value, (_name, member: Value) => {
    spend(frame, 1);
    if (isObject(member)) refuseMarks(member);
    return typeof member === 'number' ? spelled(member) : member;
  });
}

/** Fractions to 15 digits, without the dust of binary arithmetic. */
function spelled(value: number): number {
  if (!isNumber(value)) return undecided();
  return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(15));
}

/** What stands at a name; from a list, what stands there in each element, as one list. */
export function memberOf(input: Value, name: string, frame: Frame): Value {
  if (typeof input !== 'object' || input === null) return undefined;
  if (!Array.isArray(input)) {
    return Object.hasOwn(input, name) && !isMarked(input as Members) ? (input as Members)[name] : undefined;
  }
  const found: Value[] = [];
  gather(input, name, found, frame);
  return valueOfList(found);
}

/** A list that is the result of something: nothing, its only element, or the list. */
export function valueOfList(list: readonly Value[]): Value {
  return list.length === 0 ? undefined : list.length === 1 ? list[0] : list;
}

function gather(list: readonly Value[], name: string, found: Value[], frame: Frame): void {
  spend(frame, list.length);
  for (const element of list) {
    if (typeof element !== 'object' || element === null) continue;
    if (Array.isArray(element)) {
      gather(element, name, found, frame);
      continue;
    }
    const value = memberOf(element, name, frame);
    if (value !== undefined) addAll(found, value, frame);
  }
}

/** Adds a value, or the elements of a list. */
export function addAll(list: Value[], value: Value, frame: Frame): void {
  if (!Array.isArray(value)) {
    list.push(value);
    return;
  }
  spend(frame, value.length);
  for (const element of value as readonly Value[]) list.push(element);
}
