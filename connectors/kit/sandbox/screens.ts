/** The screens of a vendor whose records are rows: which object, which record, all or nothing. */
import { objectNamed } from './tables.ts';

type Fields = Record<string, unknown>;

/** Record access as a person in the vendor's own screens has it: versions and change times move, webhooks fire, no write is counted. */
export interface Screens {
  objects(): string[];
  list(object: string): object[];
  insert(object: string, fields: Record<string, unknown>): object;
  change(object: string, id: string, fields: Record<string, unknown>): object;
  remove(object: string, id: string): void;
}

export interface ScreensParts<N extends string, R> {
  objects(): readonly N[];
  /** An object by the name people use; one of `objects` when absent. */
  named?: (object: string) => N;
  rows(object: N): readonly R[];
  find(object: N, id: string): R | undefined;
  show(object: N): (row: R) => object;
  insert(object: N, fields: Fields): R;
  change(object: N, row: R, fields: Fields): R;
  remove(object: N, row: R): void;
  /** A unit of work; each edit by itself when absent. */
  atomically?: <T>(work: () => T) => T;
}

export function createScreens<N extends string, R>(parts: ScreensParts<N, R>): Screens {
  const atomically = parts.atomically ?? (<T>(work: () => T): T => work());
  const named = parts.named ?? ((object: string): N => objectNamed(parts.objects(), object));
  const existing = (object: N, id: string): R => {
    const row = parts.find(object, id);
    if (row === undefined) throw new TypeError(`There is no record "${id}" in ${object}.`);
    return row;
  };
  return {
    objects: () => [...parts.objects()],
    list(object) {
      const name = named(object);
      return parts.rows(name).map(parts.show(name));
    },
    insert(object, fields) {
      const name = named(object);
      return parts.show(name)(atomically(() => parts.insert(name, fields)));
    },
    change(object, id, fields) {
      const name = named(object);
      const row = existing(name, id);
      return parts.show(name)(atomically(() => parts.change(name, row, fields)));
    },
    remove(object, id) {
      const name = named(object);
      const row = existing(name, id);
      atomically(() => parts.remove(name, row));
    },
  };
}

/** Refuses a field that a record does not have: an edit that leaves no trace helps no test. */
export function refuseForeign(object: string, fields: Fields, known: Iterable<string>): void {
  const names = new Set(known);
  const foreign = Object.keys(fields).find((name) => !names.has(name));
  if (foreign === undefined) return;
  throw new TypeError(`There is no "${foreign}" in ${object}; it has ${[...names].join(', ')}.`);
}
