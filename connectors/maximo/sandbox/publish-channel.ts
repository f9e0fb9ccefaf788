/**
 * Outbound events (contract 5.4): after each commit one hint for every work order, service request, asset and location it
 * touched, POSTed one after the other; a hint that is not taken holds up those behind it. Switched on by the dial
 * publishChannel, as Maximo has no subscriptions of its own. Hints say what changed, not how it looks now.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { RowId } from '../../kit/sandbox/index.ts';
import type { Database, Row, RowChange } from './database.ts';
import type { Dials } from './dials.ts';
import type { Relation, Value } from './model.ts';

type HintEvent = 'insert' | 'update' | 'delete';

export interface PublishChannel {
  /** Hints not yet taken, oldest first. */
  pending(): readonly string[];
  /** The dial was turned: tries again now. */
  wake(): void;
  close(): void;
}

const PAUSE_MAX_MS = 5_000;
const PENDING_MAX = 10_000;

/** What is published, and the attributes that name a record. */
const PUBLISHED: Readonly<Record<string, { structure: string; named: readonly string[] }>> = {
  WORKORDER: { structure: 'mxapiwodetail', named: ['siteid', 'wonum'] },
  SR: { structure: 'mxapisr', named: ['siteid', 'class', 'ticketid'] },
  ASSET: { structure: 'mxapiasset', named: ['siteid', 'assetnum'] },
  LOCATIONS: { structure: 'mxapilocations', named: ['siteid', 'location'] },
};
/** The convention's name of the object structure where it is not the one that is served with most children. */
const OS_NAMES: Readonly<Record<string, string>> = { mxapiwodetail: 'MXAPIWO' };

/** Tasks are rows of the order's table; people know them as part of their order. */
function isTask(row: Row): boolean {
  return row.values.istask === true;
}

type OwnersOf = (mbo: string, row: Row) => [mbo: string, row: Row][];

/** Which records a row belongs to as a child: a log entry changes its order, a task its parent. */
function createOwners(db: Database): OwnersOf {
  const links = new Map<string, { owner: string; relation: Relation }[]>();
  for (const [owner, { structure }] of Object.entries(PUBLISHED)) {
    for (const relation of db.model.structures.get(structure)?.children ?? []) {
      links.set(relation.mbo, [...(links.get(relation.mbo) ?? []), { owner, relation }]);
    }
  }
  const ownersOf: OwnersOf = (mbo, row) =>
    (links.get(mbo) ?? []).flatMap(({ owner, relation }) => {
      if (Object.entries(relation.fixed).some(([name, value]) => row.values[name] !== value)) return [];
      const ours = relation.link.map(([, attribute]) => attribute);
      const values = relation.link.map(([attribute]): Value => row.values[attribute] ?? null);
      if (values.includes(null)) return [];
      return db
        .find(owner, ours, values)
        .flatMap((found): [string, Row][] => (isTask(found) ? ownersOf(owner, found) : [[owner, found]]));
    });
  return ownersOf;
}

interface Hint {
  mbo: string;
  row: Row;
  event: HintEvent;
}

/** The records a commit touched, each once, in the order they were first touched. */
function hintsOf(changes: readonly RowChange[], owners: OwnersOf): Hint[] {
  const folded = new Map<RowId, RowChange>();
  for (const change of changes) {
    const before = folded.get(change.id);
    folded.set(change.id, before === undefined ? change : { ...before, after: change.after });
  }
  const hints = new Map<RowId, Hint>();
  for (const { table, id, before, after } of folded.values()) {
    const row = after ?? before;
    if (row === undefined || !Object.hasOwn(PUBLISHED, table) || isTask(row)) continue;
    const event = before === undefined ? 'insert' : after === undefined ? 'delete' : 'update';
    hints.set(id, { mbo: table, row, event });
  }
  for (const { table, before, after } of folded.values()) {
    const row = after ?? before;
    if (row === undefined) continue;
    for (const [mbo, owner] of owners(table, row)) {
      if (!hints.has(owner.uid)) hints.set(owner.uid, { mbo, row: owner, event: 'update' });
    }
  }
  return [...hints.values()];
}

function bodyOf({ mbo, row, event }: Hint): string {
  const { structure = '', named = [] } = PUBLISHED[mbo] ?? {};
  const names = Object.fromEntries(named.map((name) => [name, row.values[name] ?? null]));
  const os = OS_NAMES[structure] ?? structure.toUpperCase();
  return JSON.stringify({ os, ...names, event, rowstamp: String(row.rowstamp) });
}

export function createPublishChannel(parts: {
  db: Database;
  dials: Dials;
  /** Left from before a restart. */
  pending: readonly string[];
}): PublishChannel {
  const { db, dials } = parts;
  const owners = createOwners(db);
  const queue = [...parts.pending];
  const closing = new AbortController();
  let running = false;
  let pausing: AbortController | null = null;

  const post = async (endpoint: string, body: string): Promise<boolean> => {
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(dials.publishChannel.timeoutMs)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  };
  /** Ends when the hint was taken, was refused too often, or the channel changed or closed. */
  const deliver = async (body: string): Promise<void> => {
    for (let tries = 1; !closing.signal.aborted; tries += 1) {
      const { endpoint, triesMax, retryMs } = dials.publishChannel;
      if (endpoint === null || (await post(endpoint, body)) || tries >= triesMax) return;
      const pause = Math.min(PAUSE_MAX_MS, retryMs * 2 ** (tries - 1));
      pausing = new AbortController();
      const signal = AbortSignal.any([closing.signal, pausing.signal]);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  };
  const drain = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let body = queue[0]; body !== undefined; body = queue[0]) {
      await deliver(body);
      // What was under way when the sandbox closed stays in the queue: at least once, never less.
      if (closing.signal.aborted) return;
      queue.shift();
    }
    running = false;
  };
  const start = (): void => {
    // Not in the same tick: the write is answered first.
    setImmediate(() => void drain());
  };

  db.tables.onCommit((changes) => {
    if (dials.publishChannel.endpoint === null) return;
    for (const hint of hintsOf(changes, owners)) if (queue.length < PENDING_MAX) queue.push(bodyOf(hint));
    start();
  });
  if (queue.length > 0) start();
  return {
    pending: () => queue,
    wake() {
      pausing?.abort();
    },
    close() {
      closing.abort();
    },
  };
}
