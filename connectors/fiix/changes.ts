/**
 * What changed since the pass before: the class itself and those of its children that have a mark of change of their own
 * (contract 4.2). A first look asks for all of them in one call; only what does not fit a page is walked, one after the other.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, PullPage } from '../kit/contract.ts';
import { advance, foreignCursor, sinceOf, writeCursor } from './cursor.ts';
import type { Mark, Position } from './cursor.ts';
import type { Joins } from './joins.ts';
import { lastId, where } from './pages.ts';
import type { Glimpse, Pages, Query } from './pages.ts';
import { markOnly, remember, unseen, wholeRow } from './seen.ts';
import type { SayingOf, Seen } from './seen.ts';
import { idOf, intOf } from './wire.ts';

export interface Child {
  className: string;
  parent: string;
  /** Where records show these rows. */
  shown: string;
}
/** Children with a mark of their own; links to people and forecasts have none (contract 4.2). */
export const CHILDREN: Readonly<Partial<Record<Entity, readonly Child[]>>> = {
  part: [{ className: 'Stock', parent: 'intAssetID', shown: 'stocks' }],
  plan: [
    { className: 'ScheduleTrigger', parent: 'intScheduledMaintenanceID', shown: 'triggers' },
    { className: 'ScheduledMaintenanceAsset', parent: 'intScheduledMaintenanceID', shown: 'links' },
  ],
  work_order: [
    { className: 'WorkOrderTask', parent: 'intWorkOrderID', shown: 'tasks' },
    { className: 'WorkOrderAsset', parent: 'intWorkOrderID', shown: 'links' },
    { className: 'WorkOrderPart', parent: 'intWorkOrderID', shown: 'parts' },
  ],
};

interface Phase {
  /** Null: the class itself. */
  child: Child | null;
  query: Query;
  mark: Mark;
  seen: Seen;
  sayingOf: SayingOf;
}

export interface ChangesDeps {
  pages: Pages;
  complete: Joins;
  /** Meters of which these readings may be the newest. */
  metersOf: (rows: readonly JsonObject[]) => Promise<ExternalRecord[]>;
  now: () => number;
}

export function createChanges({ pages, complete, metersOf, now }: ChangesDeps) {
  return async function changes(
    entity: Entity,
    query: Query,
    from: Position,
    pageSize: number,
  ): Promise<PullPage> {
    const phases = phasesOf(entity, query, from);
    if (from.began === null && from.after === 0) {
      const whole = await atOnce(entity, query, phases, pageSize);
      if (whole !== null) return whole;
    }
    return walk(entity, query, { phases, from, pageSize });
  };

  /** Everything in one page; null when it is more. */
  async function atOnce(
    entity: Entity,
    query: Query,
    phases: readonly Phase[],
    pageSize: number,
  ): Promise<PullPage | null> {
    const began = now();
    const looks = phases.map((phase) => ({ query: phase.query, limit: pageSize, quiet: phase.mark.settled }));
    const glimpses = await pages.glance(looks);
    const fresh = phases.map(({ seen, sayingOf }, i) => unseen(glimpses[i]?.rows ?? [], seen, sayingOf));
    const count = fresh.reduce((sum, rows) => sum + rows.length, 0);
    if (glimpses.some(({ whole }) => !whole) || count > pageSize) return null;
    const records: ExternalRecord[] = [];
    for (const [i, phase] of phases.entries())
      records.push(...(await recordsOf(entity, query, { phase, rows: fresh[i] ?? [], since: own(phases) })));
    const cursor = writeCursor(positionAfter(phases, glimpses, began));
    return { records: lastOfEach(records), cursor, more: false };
  }

  function positionAfter(phases: readonly Phase[], glimpses: readonly Glimpse[], began: number): Position {
    const marks: Mark[] = [];
    const seen: Seen[] = [];
    for (const [i, { mark, sayingOf }] of phases.entries()) {
      const rows = glimpses[i]?.rows ?? [];
      const next = advance(mark, newestIn(rows, mark.newest), began, now());
      marks.push(next);
      seen.push(remember({}, rows, sinceOf(next), sayingOf));
    }
    return { v: 1, marks, next: [], phase: 0, after: 0, began: null, seen, seenNext: [] };
  }

  async function walk(
    entity: Entity,
    query: Query,
    { phases, from, pageSize }: { phases: readonly Phase[]; from: Position; pageSize: number },
  ): Promise<PullPage> {
    const at = from.phase ?? 0;
    const phase = phases[at];
    if (phase === undefined) throw foreignCursor();
    const began = from.began ?? now();
    const { rows, last } = await pages.page(phase.query, from.after, pageSize);
    const next =
      from.after === 0
        ? [
            ...from.next.slice(0, at),
            advance(phase.mark, await newestOf(phase, rows, pageSize), began, now()),
          ]
        : from.next;
    const seenNext = [...from.seenNext];
    const mark = next[at] ?? phase.mark;
    seenNext[at] = remember(seenNext[at] ?? {}, rows, sinceOf(mark), phase.sayingOf);
    const fresh = unseen(rows, phase.seen, phase.sayingOf);
    const records = await recordsOf(entity, query, { phase, rows: fresh, since: own(phases) });
    const more = !last || at + 1 < phases.length;
    const position: Position = more
      ? {
          ...{ ...from, next, seenNext, began },
          ...(last ? { phase: at + 1, after: 0 } : { after: lastId(rows, from.after) }),
        }
      : { v: 1, marks: next, next: [], phase: 0, after: 0, began: null, seen: seenNext, seenNext: [] };
    return { records, cursor: writeCursor(position), more };
  }

  /**
   * The mark a pass leaves behind, taken at its first page: a page with room to spare tells it (or too little, which only
   * reads more again); otherwise the vendor is asked. Between the two lie seconds, the overlap is minutes.
   */
  async function newestOf(
    { mark, query }: Phase,
    rows: readonly JsonObject[],
    pageSize: number,
  ): Promise<number> {
    if (rows.length < pageSize) return newestIn(rows, mark.newest);
    const [newest] = await pages.newest([query]);
    return newest ?? 0;
  }

  async function recordsOf(
    entity: Entity,
    query: Query,
    { phase: { child }, rows, since }: { phase: Phase; rows: readonly JsonObject[]; since: number },
  ): Promise<ExternalRecord[]> {
    if (child !== null) return parentsOf(entity, query, { child, rows, since });
    return entity === 'meter' ? metersOf(rows) : complete(entity, rows);
  }

  /** Records of which a child changed, without those that the walk over the class itself has shown with that change. */
  async function parentsOf(
    entity: Entity,
    query: Query,
    { child, rows, since }: { child: Child; rows: readonly JsonObject[]; since: number },
  ): Promise<ExternalRecord[]> {
    const changedAt = new Map<number, number>();
    for (const row of rows) {
      const parent = intOf(row[child.parent]);
      if (parent === null) continue;
      changedAt.set(parent, Math.max(intOf(row['intUpdated']) ?? 0, changedAt.get(parent) ?? 0));
    }
    const parents = await pages.byIds(query, [...changedAt.keys()]);
    const hidden = parents.filter((row) => {
      const moved = intOf(row['intUpdated']) ?? 0;
      return moved <= since || moved < (changedAt.get(idOf(row)) ?? 0);
    });
    return complete(entity, hidden);
  }
}

function phasesOf(entity: Entity, query: Query, { marks, seen }: Position): Phase[] {
  const children = [null, ...(CHILDREN[entity] ?? [])];
  if (marks.length !== children.length) throw foreignCursor();
  return marks.map((mark, i): Phase => {
    const child = children[i] ?? null;
    const base: Query =
      child === null
        ? query
        : { className: child.className, fields: `id, ${child.parent}, intUpdated`, filters: [] };
    return {
      child,
      mark,
      seen: seen[i] ?? {},
      sayingOf: child === null ? wholeRow : markOnly,
      query: { ...base, filters: [...(base.filters ?? []), where('intUpdated > ?', [sinceOf(mark)])] },
    };
  });
}

/** From when on the walk over the class itself shows its records. */
function own(phases: readonly Phase[]): number {
  const [first] = phases;
  return first === undefined ? 0 : sinceOf(first.mark);
}

function newestIn(rows: readonly JsonObject[], atLeast: number): number {
  return rows.reduce((newest, row) => Math.max(newest, intOf(row['intUpdated']) ?? 0), atLeast);
}

/** A record that several of its children lead to is shown once, as it was read last. */
function lastOfEach(records: readonly ExternalRecord[]): ExternalRecord[] {
  return [...new Map(records.map((record) => [record.externalId, record])).values()];
}
