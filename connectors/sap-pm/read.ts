/** Reading: pull pages, single records, key sweeps. Which place comes next is decided in cursor.ts. */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { BrokenRecord, ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import type { SapConfig } from './config.ts';
import {
  afterAgainPage,
  afterChangedPage,
  afterCreatedPage,
  beginPass,
  createdFrom,
  endLoad,
  observe,
  readCursor,
  withAgain,
} from './cursor.ts';
import type {
  AgainPass,
  ChangedPass,
  CreatedPass,
  Cursor,
  DeltaCursor,
  Marks,
  Place,
  Rules,
} from './cursor.ts';
import { anyOf, current, externalIdOf, objectOf, scopeOf, withoutKey } from './entities.ts';
import type { SapObject } from './entities.ts';
import { manifest } from './manifest.ts';
import { NOTHING_BESIDE, toRecord } from './record.ts';
import type { Beside } from './record.ts';
import type { Condition, ListQuery, SapRow, SapTransport, Where } from './transport.ts';
import { numberIn, plainKey, textIn } from './wire.ts';

/** Keys in one filter: the address stays below 4 kB, which every gateway takes. */
const KEYS_MAX = 25;
/** Rows of one list that has no page of its own (stock lines of 25 materials). */
const ROWS_MAX = 10_000;

export type Reader = ReturnType<typeof createReader>;

export interface ReaderDeps {
  transport: SapTransport;
  config: SapConfig;
  now(): number;
}

interface Page {
  rows: SapRow[];
  more: boolean;
  told: Pick<PullPage, 'broken'>;
}

export function createReader(deps: ReaderDeps) {
  const { transport, config } = deps;
  const { overlapMs, pageSizeMax, parallel } = manifest.limits;

  function rulesOf(object: SapObject): Rules {
    return { overlapMs, createdByDay: object.created?.kind !== 'instant' };
  }

  /** One page; rows without a key are set aside, the others go on. */
  async function page(entity: Entity, where: Where, orderBy: readonly string[], top: number): Promise<Page> {
    const object = objectOf(entity);
    const { rows, more } = await transport.list(object.domain, {
      where: [...scopeOf(entity, config), ...where],
      orderBy,
      top,
    });
    const named = rows.filter((row) => keyText(object, row) !== '');
    const broken = rows
      .filter((row) => keyText(object, row) === '')
      .map(({ doc }): BrokenRecord => ({ externalId: null, failure: withoutKey(object), raw: doc }));
    return { rows: named, more, told: broken.length === 0 ? {} : { broken } };
  }

  async function pull(entity: Entity, { cursor: text, pageSize }: PullRequest): Promise<PullPage> {
    const object = objectOf(entity);
    const top = Math.max(1, Math.min(pageSize, pageSizeMax));
    const cursor = text === null ? await begin(entity, object) : readCursor(text);
    if (cursor.m !== 'walk' && object.changed === null) throw foreign();
    if (cursor.m === 'walk' && object.changed !== null) throw foreign();
    if (cursor.m === 'delta') return pullDelta(entity, object, cursor, top);
    return pullByKey(entity, object, cursor, top);
  }

  async function pullByKey(
    entity: Entity,
    object: SapObject,
    cursor: Extract<Cursor, { m: 'walk' | 'load' }>,
    top: number,
  ): Promise<PullPage> {
    const { rows, more, told } = await page(entity, after(object.key, cursor.after), [object.key], top);
    const last = rows.at(-1);
    const records = await recordsOf(entity, rows);
    if (more) {
      const key = last === undefined ? cursor.after : keyText(object, last);
      if (key === cursor.after) throw standsStill(object);
      return { records, ...told, cursor: JSON.stringify({ ...cursor, after: key }), more };
    }
    const next: Cursor = cursor.m === 'load' ? endLoad(cursor) : { m: 'walk', after: null };
    return { records, ...told, cursor: JSON.stringify(next), more: false };
  }

  async function pullDelta(
    entity: Entity,
    object: SapObject,
    cursor: DeltaCursor,
    top: number,
  ): Promise<PullPage> {
    const pass = beginPass(cursor, deps.now(), rulesOf(object));
    switch (pass.phase) {
      case 'changed':
        return pullChanged(entity, object, cursor, pass, top);
      case 'created':
        return pullCreated(entity, object, cursor, pass, top);
      case 'again':
        return pullAgain(entity, object, cursor, pass, top);
    }
  }

  async function pullChanged(
    entity: Entity,
    object: SapObject,
    cursor: DeltaCursor,
    pass: ChangedPass,
    top: number,
  ): Promise<PullPage> {
    const changed = object.changed ?? '';
    const since: Condition = { field: changed, op: 'ge', value: iso(pass.from), kind: 'instant' };
    const drain = pass.drain;
    const { rows, more, told } =
      drain === undefined
        ? await page(entity, [since], [changed, object.key], top)
        : await page(
            entity,
            [
              since,
              { field: changed, op: 'lt', value: iso(pass.from + 1_000), kind: 'instant' },
              ...after(object.key, drain.after),
            ],
            [object.key],
            top,
          );
    const places = rows.map((row) => placeOf(object, row));
    // Following a filter that is not obeyed would lose rows without a word.
    const early = places.find(({ changedAt }) => Number.isNaN(changedAt) || changedAt < pass.from);
    if (early !== undefined) {
      throw new Failure(
        'unexpected_response',
        `SAP gave ${object.noun} ${early.key}, whose ${changed} does not fit the filter; the service does not obey it.`,
        { path: changed },
      );
    }
    if (more && rows.length === 0) throw standsStill(object);
    const step = afterChangedPage(cursor, pass, places, more);
    const records = await recordsOf(entity, rows.slice(0, step.take));
    return { records, ...told, cursor: JSON.stringify(step.cursor), more: true };
  }

  async function pullCreated(
    entity: Entity,
    object: SapObject,
    cursor: DeltaCursor,
    pass: CreatedPass,
    top: number,
  ): Promise<PullPage> {
    const { created } = object;
    if (created === null) throw foreign();
    const from = iso(createdFrom(cursor, pass, rulesOf(object)));
    const since: Condition = {
      field: created.field,
      op: 'ge',
      value: created.kind === 'date' ? from.slice(0, 10) : from,
      kind: created.kind,
    };
    const { rows, more, told } = await page(
      entity,
      [since, ...after(object.key, pass.after)],
      [object.key],
      top,
    );
    if (more && (rows.length === 0 || keyText(object, rows.at(-1) ?? NO_ROW) === pass.after))
      throw standsStill(object);
    const ended = afterCreatedPage(
      cursor,
      pass,
      rows.map((row) => placeOf(object, row)),
      more,
    );
    const next = object.movesUndated ? withAgain(ended, deps.now()) : ended;
    // What has a change date came with the first half of the pass.
    const unchanged = rows.filter((row) => Number.isNaN(placeOf(object, row).changedAt));
    return {
      records: await recordsOf(entity, unchanged),
      ...told,
      cursor: JSON.stringify(next),
      more: next.pass !== null,
    };
  }

  /** One page of the slow walk over everything, whatever its change date. */
  async function pullAgain(
    entity: Entity,
    object: SapObject,
    cursor: DeltaCursor,
    pass: AgainPass,
    top: number,
  ): Promise<PullPage> {
    const from = cursor.again?.after ?? null;
    const { rows, more, told } = await page(entity, after(object.key, from), [object.key], top);
    const last = rows.at(-1);
    const key = more && last !== undefined ? keyText(object, last) : null;
    if (more && (key === null || key === from)) throw standsStill(object);
    const next = afterAgainPage(cursor, pass, key);
    return { records: await recordsOf(entity, rows), ...told, cursor: JSON.stringify(next), more: false };
  }

  async function begin(entity: Entity, object: SapObject): Promise<Cursor> {
    if (object.changed === null) return { m: 'walk', after: null };
    const began = deps.now();
    let marks: Marks = { changed: 0, created: 0 };
    for (const dated of [
      { field: object.changed, kind: 'instant' } as const,
      ...(object.created === null ? [] : [object.created]),
    ]) {
      // The condition keeps rows without a date out; where null stands in an order is not known (contract 10.3).
      const start = dated.kind === 'date' ? '1970-01-01' : iso(0);
      const { rows } = await transport.list(object.domain, {
        where: [...scopeOf(entity, config), { field: dated.field, op: 'ge', value: start, kind: dated.kind }],
        orderBy: [`${dated.field} desc`, object.key],
        top: 1,
        only: [object.key, dated.field],
      });
      marks = observe(
        marks,
        rows.map((row) => placeOf(object, row)),
        began,
      );
    }
    return { m: 'load', after: null, marks, began };
  }

  async function read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    return recordsOf(entity, await rowsOf(entity, externalIds));
  }

  async function rowsOf(entity: Entity, externalIds: readonly string[]): Promise<SapRow[]> {
    const object = objectOf(entity);
    const chunks = chunked([...new Set(externalIds)], KEYS_MAX);
    const found = await inLanes(chunks, parallel, async (ids) => {
      const where = [...(entity === 'asset' ? current() : []), ...anyOf(object.key, ids)];
      return listAll({ where, orderBy: [object.key], top: ids.length }, object);
    });
    return found.flat();
  }

  async function listAll(query: ListQuery, object: SapObject): Promise<SapRow[]> {
    const [rows = []] = await transport.lists(object.domain, [query]);
    return rows;
  }

  async function keys(entity: Entity, text: string | null): Promise<KeyPage> {
    const object = objectOf(entity);
    const from = text === null ? null : readKeyCursor(text);
    const only = entity === 'plan' ? [object.key, 'MaintenancePlan'] : [object.key];
    const { rows, more } = await transport.list(object.domain, {
      where: [...scopeOf(entity, config), ...after(object.key, from)],
      orderBy: [object.key],
      top: pageSizeMax,
      only,
    });
    const named = rows.filter((row) => keyText(object, row) !== '');
    const last = named.at(-1);
    const next = last === undefined ? from : keyText(object, last);
    if (more && next === from) throw standsStill(object);
    return {
      externalIds: named.filter((row) => belongs(entity, row)).map((row) => externalIdOf(entity, row.doc)),
      cursor: more ? JSON.stringify({ m: 'keys', after: next }) : null,
      ...(named.length === rows.length ? {} : { incomplete: withoutKey(object).message }),
    };
  }

  async function recordsOf(entity: Entity, rows: readonly SapRow[]): Promise<ExternalRecord[]> {
    const shown = rows.filter((row) => belongs(entity, row));
    const beside = await besideOf(entity, shown);
    return shown.map((row) => toRecord(entity, row, config, beside));
  }

  async function besideOf(entity: Entity, rows: readonly SapRow[]): Promise<Beside> {
    if (rows.length === 0) return NOTHING_BESIDE;
    if (entity === 'plan' || entity === 'request') {
      const places = await placesOf(rows);
      const plans = entity === 'plan' ? await plansOf(rows) : NOTHING_BESIDE.plans;
      return { ...NOTHING_BESIDE, places, plans };
    }
    const { stock, readings } = config.services;
    if (entity === 'part' && stock !== false) return { ...NOTHING_BESIDE, stock: await stockOf(rows) };
    if (entity === 'meter' && readings !== false)
      return { ...NOTHING_BESIDE, readings: await readingsOf(rows) };
    return NOTHING_BESIDE;
  }

  async function plansOf(rows: readonly SapRow[]): Promise<Map<string, JsonObject>> {
    const ids = [...new Set(rows.map((row) => plainKey(row.doc.MaintenancePlan)))];
    const found = await inLanes(chunked(ids, KEYS_MAX), parallel, async (chunk) => {
      const query = {
        where: anyOf('MaintenancePlan', chunk),
        orderBy: ['MaintenancePlan'],
        top: chunk.length,
      };
      const [plans = []] = await transport.lists('plan', [query]);
      return plans;
    });
    return new Map(found.flat().map(({ doc }) => [plainKey(doc.MaintenancePlan), doc]));
  }

  /**
   * Items name their place by its label alone (contract 2.5), which is not its key where alternative labelling is on. A label
   * that nobody has is taken to be the key.
   */
  async function placesOf(rows: readonly SapRow[]): Promise<Map<string, string>> {
    const labels = new Set(rows.filter(isLabelled).map(({ doc }) => textIn(doc.FunctionalLocationLabelName)));
    if (labels.size === 0 || config.services.locations === false) return new Map();
    const found = await inLanes(chunked([...labels], KEYS_MAX), parallel, async (chunk) => {
      const where = anyOf('FunctionalLocationLabelName', chunk);
      const only = ['FunctionalLocation', 'FunctionalLocationLabelName'];
      const [places = []] = await transport.lists('location', [
        { where, orderBy: ['FunctionalLocation'], top: ROWS_MAX, only },
      ]);
      return places;
    });
    return new Map(
      found
        .flat()
        .map(({ doc }) => [textIn(doc.FunctionalLocationLabelName), textIn(doc.FunctionalLocation)]),
    );
  }

  /** On hand: the sum of unrestricted stock over the plants of the connection (contract 2.8). */
  async function stockOf(rows: readonly SapRow[]): Promise<Map<string, number>> {
    const ids = rows.map((row) => textIn(row.doc.Product));
    const sums = new Map<string, number>();
    const found = await inLanes(chunked(ids, KEYS_MAX), parallel, async (chunk) => {
      const where: Where = [
        ...anyOf('Material', chunk),
        ...anyOf('InventoryStockType', ['01']),
        ...anyOf('Plant', config.plants),
      ];
      const [lines = []] = await transport.lists('stock', [{ where, orderBy: [], top: ROWS_MAX }]);
      return lines;
    });
    for (const { doc } of found.flat()) {
      if (textIn(doc.InventorySpecialStockType) !== '') continue;
      const product = plainKey(doc.Material);
      const quantity = numberIn(doc.MatlWrhsStkQtyInMatlBaseUnit) ?? 0;
      sums.set(product, Math.round(((sums.get(product) ?? 0) + quantity) * 1e6) / 1e6);
    }
    return sums;
  }

  async function readingsOf(rows: readonly SapRow[]): Promise<Map<string, JsonObject>> {
    const ids = rows.map((row) => textIn(row.doc.MeasuringPoint));
    const found = await transport.lists(
      'document',
      ids.map((id) => newestReadings(id, 1)),
    );
    return new Map(
      found.flatMap(([newest], index) =>
        newest === undefined ? [] : [[plainKey(ids[index]), newest.doc] as const],
      ),
    );
  }

  return { pull, read, rows: rowsOf, keys, recordsOf };
}

/** Documents that were not cancelled, newest first. */
export function newestReadings(point: string, top: number): ListQuery {
  return {
    where: [
      ...anyOf('MeasuringPoint', [point]),
      { field: 'MsmtRdngIsReversed', op: 'eq', value: false, kind: 'text' },
    ],
    orderBy: ['MsmtRdngDate desc', 'MsmtRdngTime desc', 'MeasurementDocument desc'],
    top,
  };
}

const NO_ROW: SapRow = { doc: {}, version: null, childVersions: new Map() };

/** Has a place and does not say its key. */
function isLabelled({ doc }: SapRow): boolean {
  return textIn(doc.FunctionalLocation) === '' && textIn(doc.FunctionalLocationLabelName) !== '';
}

/** An item without a plan schedules nothing. */
function belongs(entity: Entity, row: SapRow): boolean {
  return entity !== 'plan' || textIn(row.doc.MaintenancePlan) !== '';
}

function after(key: string, last: string | null): Where {
  return last === null ? [] : [{ field: key, op: 'gt', value: last, kind: 'text' }];
}

/** The key as the server spells it, because it is what its own order goes by. */
function keyText(object: SapObject, row: SapRow): string {
  return textIn(row.doc[object.key]);
}

function placeOf(object: SapObject, row: SapRow): Place {
  const at = (name: string | undefined): number =>
    Date.parse(textIn(name === undefined ? null : row.doc[name]));
  return {
    key: keyText(object, row),
    changedAt: at(object.changed ?? undefined),
    createdAt: at(object.created?.field),
  };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

const keyCursor = z.strictObject({ m: z.literal('keys'), after: z.string() });

function readKeyCursor(text: string): string {
  try {
    return keyCursor.parse(JSON.parse(text)).after;
  } catch {
    throw foreign();
  }
}

function foreign(): Failure {
  return new Failure(
    'invalid_request',
    'This cursor is not one of this entity of SAP; start over without a cursor.',
    {
      path: 'cursor',
    },
  );
}

function standsStill(object: SapObject): Failure {
  return new Failure(
    'unexpected_response',
    `SAP gives the same page of ${object.noun} again; the service does not obey the filter on ${object.key}.`,
    { path: object.key },
  );
}
