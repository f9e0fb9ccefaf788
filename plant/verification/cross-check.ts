/**
 * Whether systems agree with the hub, asked of every hub record: does each system that can hold it have it, and does what
 * the mapping shows of it there say what the hub says, up to what the system can store? Reads links and mappings; asks no
 * vendor: a full pass right before keeps what the links say about the vendors true.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { ENTITIES } from '../../domain/entities/index.ts';
import { referencesOf, replaceReferences } from '../../domain/entities/references.ts';
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import type { HeldValues } from '../../domain/merge/held-values.ts';
import { rootOf } from '../../domain/merge/value-path.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { liveHubIds, waitingPushes } from '../../store/hub/cross-check-rows.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import type { Link } from '../../store/links/links.ts';
import type { EntityPlace, PersonDeps } from '../person.ts';

type Reader = Pick<PersonDeps, 'store'> & { steps: Pick<PersonDeps['steps'], 'placeOf'> };

/** What became of a hub record's value in one system. */
export const VERDICTS = [
  /** Shown as the hub has it. */
  'equal',
  /** What the system has for it is the same word or place: nothing finer could be written. */
  'coarser',
  /** It was written, and the system shows something of its own making: a stamp, a default, a status reached by its own rules. */
  'itsOwn',
  /** The record or the field cannot be changed there, or the value refers to what has no place there. */
  'barred',
  /** A person decides: an open conflict, or a write that was refused. */
  'waiting',
  /** None of these: the systems disagree. */
  'different',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface CrossCheck {
  connection: string;
  entity: Entity;
  /** Hub records that the system can hold, and how many of them stand there. */
  records: number;
  linked: number;
  /** Not there, because a person decides first or what they belong to is not there. */
  waiting: number;
  missing: number;
  values: Record<Verdict, number>;
}

export interface Difference {
  connection: string;
  number: string;
  /** Null: the whole record is missing. */
  field: string | null;
  hub: Json;
  shown: Json;
}

const CHUNK = 500;
const DIFFERENCES_MAX = 20;

export async function crossCheck(
  deps: Reader,
  connections: readonly ConnectionRow[],
): Promise<{ rows: CrossCheck[]; differences: Difference[] }> {
  const rows: CrossCheck[] = [];
  const differences: Difference[] = [];
  for (const connection of connections) {
    for (const entity of ENTITIES) {
      const place = deps.steps.placeOf(connection, entity);
      if (place !== null) rows.push(await checkEntity(deps, { connection, entity, place }, differences));
    }
  }
  return { rows, differences };
}

interface Check {
  connection: ConnectionRow;
  entity: Entity;
  place: EntityPlace;
}

async function checkEntity(deps: Reader, check: Check, differences: Difference[]): Promise<CrossCheck> {
  const { connection, entity } = check;
  const { tenantId } = connection;
  const values = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  const row: CrossCheck = {
    connection: connection.name,
    entity,
    records: 0,
    linked: 0,
    waiting: 0,
    missing: 0,
    values,
  };
  const tell = (difference: Omit<Difference, 'connection'>): void => {
    if (differences.length < DIFFERENCES_MAX)
      differences.push({ connection: connection.name, ...difference });
  };
  for (let after: string | null = null; ;) {
    const page: { known: Loaded; last: string | undefined } = await deps.store.inTenant(
      tenantId,
      async (tx) => {
        const ids = await liveHubIds(tx, { tenantId, entity, after, limit: CHUNK });
        return { known: await load(tx, check, ids), last: ids.at(-1) };
      },
    );
    for (const hub of page.known.hubs.values())
      await checkRecord({ check, known: page.known, hub, row, tell });
    if (page.last === undefined) return row;
    after = page.last;
  }
}

async function checkRecord({
  check,
  known,
  hub,
  row,
  tell,
}: {
  check: Check;
  known: Loaded;
  hub: HubRecord;
  row: CrossCheck;
  tell: (difference: Omit<Difference, 'connection'>) => void;
}): Promise<void> {
  const link = known.links.get(hub.id);
  if (link === undefined && !check.place.create) return;
  row.records += 1;
  const { number } = hub;
  if (link === undefined || link.goneAt !== null) {
    if (known.expected.has(hub.id)) row.waiting += 1;
    else {
      row.missing += 1;
      tell({ number, field: null, hub: hub.fields['title'] ?? hub.fields['name'] ?? null, shown: null });
    }
    return;
  }
  row.linked += 1;
  for (const field of check.place.pullFields) {
    if (!check.place.pushFields.includes(field)) continue;
    const ours = hub.fields[field] ?? null;
    const shown = (link.baseExternal ?? link.baseHub)[field] ?? null;
    const verdict = await judge({ check, known, hub, link, field, ours, shown });
    row.values[verdict] += 1;
    if (verdict === 'different') tell({ number, field, hub: ours, shown });
  }
}

async function judge({
  check,
  known,
  hub,
  link,
  field,
  ours,
  shown,
}: {
  check: Check;
  known: Loaded;
  hub: HubRecord;
  link: Link;
  field: string;
  ours: Json;
  shown: Json;
}): Promise<Verdict> {
  if (jsonEqual(ours, shown)) return 'equal';
  if ([...(known.held.get(hub.id)?.keys() ?? [])].some((path) => rootOf(path) === field)) return 'waiting';
  const outward = (value: Json): JsonObject => ({
    ...replaceReferences(
      check.entity,
      { ...hub.fields, [field]: value },
      ({ value: id }) => known.external.get(id) ?? null,
    ),
    number: hub.number,
  });
  const mine = await check.place.push(outward(ours), field);
  const theirs = await check.place.push(outward(shown), field);
  if (mine !== null && theirs !== null && jsonEqual(mine, theirs)) return 'coarser';
  if (jsonEqual(ours, link.baseHub[field] ?? null)) return 'itsOwn';
  const placeless = referencesOf(check.entity, { [field]: ours }).some(
    ({ value }) => !known.external.has(value),
  );
  if (link.readOnly || !check.place.update || placeless) return 'barred';
  return known.expected.has(hub.id) ? 'waiting' : 'different';
}

interface Loaded {
  hubs: Map<string, HubRecord>;
  links: Map<string, Link>;
  /** Fields that a person decides. */
  held: Map<string, HeldValues>;
  /** Records whose place or write waits for a person, or for another record. */
  expected: Set<string>;
  /** Hub ids to the system's own. */
  external: Map<string, string>;
}

async function load(tx: Tx, { connection, entity }: Check, ids: string[]): Promise<Loaded> {
  const hubs = await repositories.hubRecords.load(tx, ids);
  const links = await repositories.links.loadByHub(tx, connection.id, ids);
  const held = await repositories.conflicts.openValues(tx, connection.id, ids);
  const review = await repositories.reviews.naming(tx, connection.id, ids);
  const waiting = await waitingPushes(tx, connection.id, ids);
  const referred = [...hubs.values()].flatMap((hub) => {
    const link = links.get(hub.id);
    const shown = link === undefined ? {} : (link.baseExternal ?? link.baseHub);
    return [...referencesOf(entity, hub.fields), ...referencesOf(entity, shown)].map(({ value }) => value);
  });
  return {
    hubs,
    links,
    held,
    expected: new Set([...review, ...waiting]),
    external: await repositories.links.resolveHubIds(tx, connection.id, [...new Set(referred)]),
  };
}
