/** Reading: pull pages, single records, key sweeps. Which place comes next is decided in cursor.ts. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import type { MaximoClient } from './client.ts';
import type { MaximoConfig } from './config.ts';
import { afterDeltaPage, beginLoad, endLoad, readCursor } from './cursor.ts';
import type { ChildrenCursor, Cursor, DeltaCursor, Place } from './cursor.ts';
import type { Joins } from './joins.ts';
import { manifest } from './manifest.ts';
import { groupKeys, scopeBeside } from './key-groups.ts';
import { externalIdOf, OBJECTS } from './objects.ts';
import type { VendorObject } from './objects.ts';
import { toRecord } from './record.ts';
import { all, among, before, epochOf, equal, since } from './where.ts';
import type { Collection, Member } from './wire.ts';

export interface ReadDeps {
  client: MaximoClient;
  config: MaximoConfig;
  joins: Joins;
  now(): number;
}

export type Reader = ReturnType<typeof createReader>;

/** Rows of internal reads, and keys per `in [...]` list: keeps URLs near 3 kB, below what gateways cut (contract 10.15). */
const READ_ROWS = 100;
const KEY_ROWS = 500;

export function createReader(deps: ReadDeps) {
  const { client, config, joins } = deps;
  const now = (): number => deps.now();
  const { overlapMs, pageSizeMax } = manifest.limits;
  /** Child dates this server does not filter by. */
  const closedTerms = new Set<string>();

  async function records(entity: Entity, members: readonly Member[]): Promise<ExternalRecord[]> {
    const object = OBJECTS[entity];
    const made = members.map((member) => toRecord(object, member));
    await joins.complete(entity, made);
    return made;
  }

  async function pageById(
    object: VendorObject,
    options: { select: string; where: string; after: number | null; pageSize: number },
  ): Promise<Collection> {
    return client.list({
      os: object.os,
      select: options.select,
      where: all(options.where, options.after === null ? null : `${object.uid}>${options.after}`),
      orderBy: `+${object.uid}`,
      pageSize: options.pageSize,
    });
  }

  async function pullById(
    entity: Entity,
    cursor: Extract<Cursor, { m: 'walk' | 'load' }>,
    pageSize: number,
  ): Promise<PullPage> {
    const object = OBJECTS[entity];
    const { members, more } = await pageById(object, {
      select: object.select,
      where: object.scope(config),
      after: cursor.after,
      pageSize,
    });
    const last = members.at(-1);
    const next: Cursor =
      more && last !== undefined
        ? { ...cursor, after: uidOf(object, last) }
        : cursor.m === 'load'
          ? endLoad(cursor, overlapMs)
          : { m: 'walk', after: null };
    return { records: await records(entity, members), cursor: JSON.stringify(next), more };
  }

  async function pullDelta(entity: Entity, start: DeltaCursor, pageSize: number): Promise<PullPage> {
    const object = OBJECTS[entity];
    let cursor = start;
    for (;;) {
      const { members, more } = await client.list({
        os: object.os,
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
      return { records: await records(entity, taken), cursor: JSON.stringify(cursor), more: true };
    }
  }

  /** Records whose child rows changed since the pass began, into what room the page has left. */
  async function pullChildren(
    entity: Entity,
    start: ChildrenCursor,
    pageSize: number,
    taken: readonly Member[],
  ): Promise<PullPage> {
    const object = OBJECTS[entity];
    const found = new Map(taken.map((member) => [uidOf(object, member), member]));
    let cursor = start;
    for (;;) {
      const term = object.childDates[cursor.phase];
      if (term === undefined) {
        return {
          records: await records(entity, [...found.values()]),
          cursor: JSON.stringify(cursor.next),
          more: false,
        };
      }
      const room = pageSize - found.size;
      if (room <= 0) {
        return {
          records: await records(entity, [...found.values()]),
          cursor: JSON.stringify(cursor),
          more: true,
        };
      }
      const { members, more } = await childPage(object, term, cursor, room);
      for (const member of members) found.set(uidOf(object, member), member);
      const last = members.at(-1);
      cursor =
        more && last !== undefined
          ? { ...cursor, after: uidOf(object, last) }
          : { ...cursor, phase: cursor.phase + 1, after: null };
    }
  }

  async function childPage(
    object: VendorObject,
    term: string,
    cursor: ChildrenCursor,
    pageSize: number,
  ): Promise<Collection> {
    if (closedTerms.has(term)) return { members: [], more: false };
    try {
      const where = all(object.scope(config), since(term, cursor.from));
      return await pageById(object, { select: object.select, where, after: cursor.after, pageSize });
    } catch (error) {
      const failure = toFailure(error);
      // An object structure without that child cannot be asked for it; key sweeps and full reads remain.
      if (failure.kind !== 'rejected') throw failure;
      closedTerms.add(term);
      return { members: [], more: false };
    }
  }

  async function firstCursor(object: VendorObject): Promise<Cursor> {
    if (!object.dated) return { m: 'walk', after: null };
    const { members } = await client.list({
      os: object.os,
      select: `${object.uid},changedate`,
      where: all(object.scope(config), 'changedate="*"'),
      orderBy: '-changedate',
      pageSize: 1,
    });
    const [newest] = members;
    return beginLoad(newest === undefined ? Number.NaN : placeOf(object, newest).changedAt, now());
  }

  /** All members a filter finds, walked by unique id. `atMost` ends the walk early when the filter cannot find more. */
  async function collect(
    object: VendorObject,
    where: string,
    select: string,
    atMost = Number.POSITIVE_INFINITY,
  ): Promise<Member[]> {
    const found: Member[] = [];
    let after: number | null = null;
    for (;;) {
      const page: Collection = await pageById(object, { select, where, after, pageSize: READ_ROWS });
      found.push(...page.members);
      const last = page.members.at(-1);
      if (last === undefined || !page.more || found.length >= atMost) return found;
      after = uidOf(object, last);
    }
  }

  async function membersByKey(
    entity: Entity,
    externalIds: readonly string[],
    select: string,
  ): Promise<Member[]> {
    const object = OBJECTS[entity];
    const wanted = new Set(externalIds);
    const found = new Map<string, Member>();
    for (const group of groupKeys(object, wanted)) {
      // One row a key, except where the list is only one of several key parts (meters of the same assets).
      const exact = object.key.every((name) => name === object.listBy || group.fixed[name] !== undefined);
      for (let from = 0; from < group.values.length; from += READ_ROWS) {
        const values = group.values.slice(from, from + READ_ROWS);
        const fixed = Object.entries(group.fixed).map(([name, value]) => equal(name, value));
        const where = all(...fixed, scopeBeside(object, group.fixed, config), among(object.listBy, values));
        const members = await collect(object, where, select, exact ? values.length : undefined);
        for (const member of members) {
          const externalId = externalIdOf(object, member);
          if (externalId !== null && wanted.has(externalId)) found.set(externalId, member);
        }
      }
    }
    return externalIds.map((externalId) => found.get(externalId)).filter((member) => member !== undefined);
  }

  return {
    async pull(entity: Entity, request: PullRequest): Promise<PullPage> {
      const pageSize = Math.max(1, Math.min(request.pageSize, pageSizeMax));
      const object = OBJECTS[entity];
      const cursor = request.cursor === null ? await firstCursor(object) : readCursor(request.cursor);
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
      return records(entity, await membersByKey(entity, externalIds, OBJECTS[entity].select));
    },

    /** Key to address, cheaply: for deletes and for writes through another object. */
    async addresses(entity: Entity, externalIds: readonly string[]): Promise<Map<string, ExternalRecord>> {
      const object = OBJECTS[entity];
      const select = [...new Set([...object.key, object.uid])].join(',');
      const members = await membersByKey(entity, externalIds, select);
      return new Map(
        members.map((member) => toRecord(object, member)).map((made) => [made.externalId, made]),
      );
    },

    /** Records whose reference attribute holds one of these values. */
    async byReference(entity: Entity, references: readonly string[]): Promise<ExternalRecord[]> {
      const object = OBJECTS[entity];
      if (object.reference === null) return [];
      const made: ExternalRecord[] = [];
      for (let from = 0; from < references.length; from += READ_ROWS) {
        const chunk = references.slice(from, from + READ_ROWS);
        const where = all(object.scope(config), among(object.reference, chunk));
        made.push(...(await records(entity, await collect(object, where, object.select))));
      }
      return made;
    },

    async keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
      const object = OBJECTS[entity];
      const after = cursor === null ? null : Number(cursor);
      if (after !== null && !Number.isInteger(after)) {
        throw new Failure('invalid_request', 'This cursor is not one of a Maximo key sweep; start over.', {
          path: 'cursor',
        });
      }
      const { members, more } = await pageById(object, {
        select: [...new Set([...object.key, object.uid])].join(','),
        where: object.scope(config),
        after,
        pageSize: KEY_ROWS,
      });
      const last = members.at(-1);
      return {
        externalIds: members.flatMap((member) => externalIdOf(object, member) ?? []),
        cursor: more && last !== undefined ? String(uidOf(object, last)) : null,
      };
    },
  };
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

function uidOf(object: VendorObject, member: Member): number {
  const uid = member[object.uid];
  if (typeof uid === 'number') return uid;
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
