/** One write request: who, when, how, and what it did, told to the control port only when it succeeds as a whole. */
import type { Row } from './database.ts';
import type { Mbo } from './model.ts';
import type { Payload } from './payload.ts';
import type { Draft } from './references.ts';
import type { User, World } from './world.ts';

export interface WriteContext {
  world: World;
  user: User;
  /** changedate of everything this request writes, epoch milliseconds. */
  at: number;
  written: { kind: 'created' | 'updated' | 'deleted'; mbo: string }[];
}

/** What is particular to one business object. Every hook may throw. */
export interface Rules {
  /** Fills defaults before anything is checked. */
  defaults?(context: WriteContext, draft: Draft, payload: Payload): void;
  /** Last look before a new row is stored. */
  beforeInsert?(context: WriteContext, draft: Draft, payload: Payload): void;
  afterInsert?(context: WriteContext, row: Row, payload: Payload): void;
  /** May take changes away or refuse them. */
  beforeUpdate?(context: WriteContext, row: Row, changes: Draft): void;
  /** Non-persistent input of an update. */
  afterUpdate?(context: WriteContext, row: Row, payload: Payload): void;
  /** A status other than the present one was asked for; runs after everything else is saved. */
  changeStatus?(context: WriteContext, row: Row, status: string, payload: Payload): void;
  /** Refuses a delete by throwing. */
  beforeRemove?(context: WriteContext, row: Row): void;
}

/** The row as it is now: hooks may have replaced it. */
export function current(context: WriteContext, mbo: Mbo, row: Row): Row {
  return context.world.db.get(mbo.name, row.uid) ?? row;
}
