/** Reading: pull pages, single records, key sweeps. Which place comes next is decided in cursor.ts. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { BrokenRecord, ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import type { KeptLists } from '../kit/kept.ts';
import type { ListRequest, MaximoClient } from './client.ts';
import type { MaximoConfig } from './config.ts';
import { afterDeltaPage, beginLoad, endLoad, readCursor } from './cursor.ts';
import type { ChildrenCursor, Cursor, DeltaCursor, Place, Uid } from './cursor.ts';
import type { Joins } from './joins.ts';
import { manifest } from './manifest.ts';
import { groupKeys, scopeBeside } from './key-groups.ts';
import { CODES } from './failures.ts';
import { externalIdOf, keyOf } from './objects.ts';
import type { VendorObject } from './objects.ts';
import { toRecord } from './record.ts';
import { droppedFrom, selectOf } from './select.ts';
import { isWithoutStructure, objectOf, withoutStructure } from './structures.ts';
import { all, among, before, epochOf, equal, since } from './where.ts';
import type { Collection, Member } from './wire.ts';

export interface ReadDeps {
  client: MaximoClient;
  config: MaximoConfig;
  joins: Joins;
  lists: KeptLists;
  now(): number;
}

export type Reader = ReturnType<typeof createReader>;

/** Rows of internal reads, and keys per `in [...]` list: keeps URLs near 3 kB, below what gateways cut (contract 10.15). */
const READ_ROWS = 100;
const KEY_ROWS = 500;

export function createReader(deps: ReadDeps) {
  const { client, config, joins, lists } = deps;
  const now = (): number => deps.now();
  const { overlapMs, pageSizeMax } = manifest.limits;
  /** Child dates this server does not filter by. */
  const closedTerms = new Set<string>();
  /** What object structures here were found not to have of our selects, by entity. */
  const lacking = new Map<Entity, readonly string[]>();

  async function records(
    entity: Entity,
    members: readonly Member[],
  ): Promise<Pick<PullPage, 'records' | 'broken'>> {
    const object = objectOf(entity, config);
    const made: ExternalRecord[] = [];
    const broken: BrokenRecord[] = [];
    for (const member of members) {
      try {
        made.push(toRecord(object, member));
      } catch (error) {
        broken.push({ externalId: null, failure: toFailure(error), raw: member });
      }
    }
    await joins.complete(entity, made);
    return { records: made, ...(broken.length === 0 ? {} : { broken }) };
  }

  /** The object as this Maximo has it: its name, and without what its structure does not show. */
  function objectHere(entity: Entity): VendorObject {
    const object = objectOf(entity, config);
    const missing = lacking.get(entity) ?? [];
    return missing.length === 0 ? object : { ...object, select: selectOf(object.select, missing) };
  }

  /**
   * A list of an entity. That the object structure is not there is said of the entity; one that lacks attributes or children
   * of the select is asked for its description, and is read without them for as long as that is remembered.
   */
  async function listOf(entity: Entity, request: Omit<ListRequest, 'os'>): Promise<Collection> {
    const { os } = objectOf(entity, config);
    const name = `select ${os}`;
    const dropped = await lists.get(name, async (): Promise<string[]> => []);
    if (dropped.length > 0) lacking.set(entity, dropped);
    try {
      return await client.list({ ...request, os, select: selectOf(request.select, dropped) });
    } catch (error) {
      const failure = toFailure(error);
      if (isWithoutStructure(failure)) throw withoutStructure(entity, os, failure);
      if (failure.kind !== 'rejected' || failure.code === CODES.query) throw failure;
      const now = await lists
        .renew(name, async () => droppedFrom(objectOf(entity, config).select, await client.schema(os)))
        .catch(() => dropped);
      if (now.every((missing) => dropped.includes(missing))) throw failure;
      lacking.set(entity, now);
      return client.list({ ...request, os, select: selectOf(request.select, now) });
    }
  }

  async function pageById(
    entity: Entity,
    options: { select: string; where: string; after: string | null; pageSize: number },
  ): Promise<Collection> {
    const { uid } = objectOf(entity, config);
    return listOf(entity, {
      select: options.select,
      where: all(options.where, options.after === null ? null : `${uid}>${options.after}`),
      orderBy: `+${uid}`,
      pageSize: options.pageSize,
    });
  }

  async function pullById(
    entity: Entity,
    cursor: Extract<Cursor, { m: 'walk' | 'load' }>,
    pageSize: number,
  ): Promise<PullPage> {
    const object = objectOf(entity, config);
    const { members, more } = await pageById(entity, {
      select: object.select,
      where: object.scope(config),
      after: cursor.after === null ? null : String(cursor.after),
      pageSize,
    });
    const last = members.at(-1);
    const next: Cursor =
      more && last !== undefined
        ? { ...cursor, after: uidOf(object, last) }
        : cursor.m === 'load'
          ? endLoad(cursor, overlapMs)
          : { m: 'walk', after: null };
    return { ...(await records(entity, members)), cursor: JSON.stringify(next), more };
  }

  async function pullDelta(entity: Entity, start: DeltaCursor, pageSize: number): Promise<PullPage> {
    const object = objectOf(entity, config);
    let cursor = start;
    for (;;) {
      const { members, more } = await listOf(entity, {
        select: object.select,
        where: all(object.scope(config), deltaTerms(object, cursor)),
        orderBy: cursor.drain === undefined ? `+changedate,+${object.uid}` : `+${object.uid}`,
        pageSize,
      });
      const places = members.map((member) => placeOf(object, member));
      const step = afterDeltaPage(cursor, places, more, { now: now(), overlapMs });
      const from = cursor.base ?? cursor.from;
      cursor = step.cursor;
      // A page that is all one second hands out nothing: the same rows come at once, ordered by id.
      if (step.take === 0 && step.more) continue;
      const taken = members.slice(0, step.take);
      if (!step.more) {
        return pullChildren(
          entity,
          { m: 'children', phase: 0, after: null, from, next: cursor },
          pageSize,
          taken,
        );
      }
      return { ...(await records(entity, taken)), cursor: JSON.stringify(cursor), more: true };
    }
  }

  /** Records whose child rows changed since the pass began, into what room the page has left. */
  async function pullChildren(
    entity: Entity,
    start: ChildrenCursor,
    pageSize: number,
    taken: readonly Member[],
  ): Promise<PullPage> {
    const object = objectOf(entity, config);
    const found = new Map(taken.map((member) => [uidOf(object, member), member]));
    let cursor = start;
    for (;;) {
      const term = object.childDates[cursor.phase];
      if (term === undefined) {
        return {
          ...(await records(entity, [...found.values()])),
          cursor: JSON.stringify(cursor.next),
          more: false,
        };
      }
      const room = pageSize - found.size;
      if (room <= 0) {
        return {
          ...(await records(entity, [...found.values()])),
          cursor: JSON.stringify(cursor),
          more: true,
        };
      }
      const { members, more } = await childPage(entity, term, cursor, room);
      for (const member of members) found.set(uidOf(object, member), member);
      const last = members.at(-1);
      cursor =
        more && last !== undefined
          ? { ...cursor, after: uidOf(object, last) }
          : { ...cursor, phase: cursor.phase + 1, after: null };
    }
  }

  async function childPage(
    entity: Entity,
    term: string,
    cursor: ChildrenCursor,
    pageSize: number,
  ): Promise<Collection> {
    const object = objectHere(entity);
    const shown = object.select.includes(`${term.split('.')[0] ?? ''}{`);
    if (closedTerms.has(term) || !shown) return { members: [], more: false };
    try {
      const where = all(object.scope(config), since(term, cursor.from));
      const after = cursor.after === null ? null : String(cursor.after);
      return await pageById(entity, { select: object.select, where, after, pageSize });
    } catch (error) {
      const failure = toFailure(error);
      // An object structure without that child cannot be asked for it; key sweeps and full reads remain.
      if (failure.kind !== 'rejected') throw failure;
      closedTerms.add(term);
      return { members: [], more: false };
    }
  }

  async function firstCursor(entity: Entity): Promise<Cursor> {
    const object = objectOf(entity, config);
    if (!object.dated) return { m: 'walk', after: null };
    const { members } = await listOf(entity, {
      select: `${object.uid},changedate`,
      where: all(object.scope(config), 'changedate="*"'),
      orderBy: '-changedate',
      pageSize: 1,
    });
    const [newest] = members;
    return beginLoad(newest === undefined ? Number.NaN : placeOf(object, newest).changedAt, now());
  }

  /** All members a filter finds, walked by unique id, until a page shows that nothing more is looked for. */
  async function collect(
    entity: Entity,
    where: string,
    select: string,
    enough: (page: readonly Member[]) => boolean = () => false,
  ): Promise<Member[]> {
    const object = objectOf(entity, config);
    const found: Member[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Collection = await pageById(entity, { select, where, after, pageSize: READ_ROWS });
      found.push(...page.members);
      const last = page.members.at(-1);
      if (enough(page.members) || last === undefined || !page.more) return found;
      const next = String(uidOf(object, last));
      if (next === after) throw standsStill(object);
      after = next;
    }
  }

  async function membersByKey(
    entity: Entity,
    externalIds: readonly string[],
    select: string,
  ): Promise<Member[]> {
    const object = objectOf(entity, config);
    const wanted = new Set(externalIds);
    const found = new Map<string, Member>();
    for (const group of groupKeys(object, wanted)) {
      for (let from = 0; from < group.values.length; from += READ_ROWS) {
        const values = group.values.slice(from, from + READ_ROWS);
        const fixed = Object.entries(group.fixed).map(([name, value]) => equal(name, value));
        const where = all(...fixed, scopeBeside(object, group.fixed, config), among(object.listBy, values));
        // A key may hold a wildcard (`P%`) and then finds more than itself: what counts is which of the wanted ones came.
        const missing = new Set(idsIn(object, wanted, group.fixed, values));
        await collect(entity, where, select, (members) => {
          for (const member of members) {
            const externalId = externalIdOf(object, member);
            if (externalId === null || !missing.delete(externalId)) continue;
            found.set(externalId, member);
          }
          return missing.size === 0;
        });
      }
    }
    return externalIds.map((externalId) => found.get(externalId)).filter((member) => member !== undefined);
  }

  return {
    async pull(entity: Entity, request: PullRequest): Promise<PullPage> {
      const pageSize = Math.max(1, Math.min(request.pageSize, pageSizeMax));
      const object = objectOf(entity, config);
      const cursor = request.cursor === null ? await firstCursor(entity) : readCursor(request.cursor);
      if ((cursor.m === 'walk') === object.dated) {
        throw new Failure(
          'invalid_request',
          `This cursor does not belong to ${entity}; start over without a cursor.`,
          { path: 'cursor' },
        );
      }
      if (cursor.m === 'children') return pullChildren(entity, cursor, pageSize, []);
      return cursor.m === 'delta' ? pullDelta(entity, cursor, pageSize) : pullById(entity, cursor, pageSize);
    },

    async read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
      const { select } = objectOf(entity, config);
      return (await records(entity, await membersByKey(entity, externalIds, select))).records;
    },

    objectOf: objectHere,

    /** Key to address, cheaply: for deletes and for writes through another object. */
    async addresses(entity: Entity, externalIds: readonly string[]): Promise<Map<string, ExternalRecord>> {
      const object = objectOf(entity, config);
      const select = [...new Set([...object.key, object.uid])].join(',');
      const members = await membersByKey(entity, externalIds, select);
      return new Map(
        members.map((member) => toRecord(object, member)).map((made) => [made.externalId, made]),
      );
    },

    /** Records whose reference attribute holds one of these values. */
    async byReference(entity: Entity, references: readonly string[]): Promise<ExternalRecord[]> {
      const object = objectOf(entity, config);
      if (object.reference === null) return [];
      const made: ExternalRecord[] = [];
      for (let from = 0; from < references.length; from += READ_ROWS) {
        const chunk = references.slice(from, from + READ_ROWS);
        const where = all(object.scope(config), among(object.reference, chunk));
        const members = await collect(entity, where, object.select);
        made.push(...(await records(entity, members)).records);
      }
      return made;
    },

    async keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
      const object = objectOf(entity, config);
      if (cursor !== null && !/^\d+$/.test(cursor)) {
        throw new Failure('invalid_request', 'This cursor is not one of a Maximo key sweep; start over.', {
          path: 'cursor',
        });
      }
      const { members, more } = await pageById(entity, {
        select: [...new Set([...object.key, object.uid])].join(','),
        where: object.scope(config),
        after: cursor,
        pageSize: KEY_ROWS,
      });
      const last = members.at(-1);
      const next = more && last !== undefined ? String(uidOf(object, last)) : null;
      if (next !== null && next === cursor) throw standsStill(object);
      const externalIds = members.flatMap((member) => externalIdOf(object, member) ?? []);
      const nameless = members.length - externalIds.length;
      return {
        externalIds,
        cursor: next,
        ...(nameless === 0
          ? {}
          : { incomplete: `${String(nameless)} rows of ${object.os} lack ${object.key.join(' or ')}` }),
      };
    },
  };
}

/** The external ids that one list can find: where the list is only one of several key parts, several a value. */
function idsIn(
  object: VendorObject,
  wanted: ReadonlySet<string>,
  fixed: Readonly<Record<string, string>>,
  values: readonly string[],
): string[] {
  return [...wanted].filter((externalId) => {
    const key = keyOf(object, externalId);
    if (key === null || !values.includes(key[object.listBy] ?? '')) return false;
    return Object.entries(fixed).every(([name, value]) => key[name] === value);
  });
}

function standsStill(object: VendorObject): Failure {
  return new Failure(
    'unexpected_response',
    `Maximo gives the same page of ${object.os} again; the object structure does not obey the filter on ${object.uid}.`,
    { path: object.uid },
  );
}

function deltaTerms(object: VendorObject, cursor: DeltaCursor): string {
  if (cursor.drain === undefined) return since('changedate', cursor.from);
  const { after } = cursor.drain;
  return all(
    since('changedate', cursor.from),
    before('changedate', cursor.from + 1_000),
    after === null ? null : `${object.uid}>${after}`,
  );
}

/** A text where it has more digits than a number holds. */
function uidOf(object: VendorObject, member: Member): Uid {
  const uid = member[object.uid];
  if (typeof uid === 'number' || (typeof uid === 'string' && /^\d+$/.test(uid))) return uid;
  throw new Failure(
    'unexpected_response',
    `A row of ${object.os} lacks ${object.uid}; include this attribute in the object structure.`,
  );
}

function placeOf(object: VendorObject, member: Member): Place {
  const changed = member.changedate;
  return {
    uid: uidOf(object, member),
    changedAt: typeof changed === 'string' ? epochOf(changed) : Number.NaN,
  };
}
