/** A row in the making, the sandbox's business time, and changes from inside that no client may make. */
import { dayOf } from './edm.ts';
import type { Value, Values } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

export type Draft = Record<string, Value>;

/** The sandbox's time as a business timestamp: whole seconds (contract 4.1). */
export function nowOf(call: Call): number {
  return Math.floor(call.world.kit.clock.now() / 1000) * 1000;
}

/** The moment of a change, and what tells two changes of one second apart (etag.ts). */
export function changedNow(call: Call): { LastChangeDateTime: number; _stamp: number } {
  return { LastChangeDateTime: nowOf(call), _stamp: call.world.db.next('stamp', 1) };
}

export function todayOf(call: Call): number {
  return dayOf(call.world.kit.clock.now());
}

/** `PT07H00M00S` of a moment; the sandbox's plant lives in UTC (contract 4.3). */
export function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 86_400;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `PT${two(Math.floor(seconds / 3600))}H${two(Math.floor(seconds / 60) % 60)}M${two(seconds % 60)}S`;
}

/** Milliseconds of `PT07H00M00S`. */
export function timeMs(time: Value | undefined): number {
  const [hours = 0, minutes = 0, seconds = 0] =
    String(time ?? '')
      .match(/\d+/g)
      ?.map(Number) ?? [];
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** Null is the same as not there; takes the draft over. */
export function present(draft: Draft): Draft {
  for (const name in draft) if (draft[name] === null) delete draft[name];
  return draft;
}

/** Changes fields of a row from inside, without rights or rules. */
export function patchRow(call: Call, table: string, row: Row, values: Values): Row {
  return call.world.db.put(table, present({ ...row.values, ...values }));
}

export function textOf(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

/** The hooks of one object. */
export interface Rules {
  /** Before a row is stored: numbers, defaults, checks. `given` names what the client sent. */
  create?(call: Call, draft: Draft, given: ReadonlySet<string>): void;
  /** After it and its children are stored; `sent` names the navigations of the deep insert. */
  created?(call: Call, row: Row, sent: ReadonlySet<string>): void;
  update?(call: Call, before: Row, draft: Draft, changed: ReadonlySet<string>): void;
  remove?(call: Call, row: Row): void;
  /** A child was created, changed or deleted: the parent may have to know. */
  belowChanged?(call: Call, row: Row): void;
}
