/**
 * The plant of one scenario: connections by name, clocks that can be moved, crashes that end a step where it stands,
 * and the people who edit on every side. What people did is kept, so that the laws can ask where it ended.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'kysely';
import { capabilitiesOf } from '../../activities/sync/direction.ts';
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import { addComment, setRecordFields } from '../../plant/records/records.ts';
import type { PersonDeps } from '../../plant/person.ts';
import type { EntityCapability } from '../../connectors/kit/contract.ts';
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import { addRecords } from '../../hub/writer.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { createPlant, type Plant, type PlantConnection } from '../support/plant.ts';
import { spell, spellingOf, titleField } from './fields.ts';
import { createPersons, type Persons } from './persons.ts';
import type { Script, Side, Step } from './script.ts';
import { vendorOf } from './vendors/index.ts';
import type { Kind } from './vendors/vendor.ts';
import { keyOf, rowsOf, screenOf } from './screen-rows.ts';
import { waitOut } from './wait-out.ts';

/** An edit that was accepted where it was made. */
export interface Edit {
  /** Order of the edits. */
  at: number;
  side: Side;
  kind: Kind;
  key: string;
  field: string;
  value: Json;
  /** What this side showed before. */
  over: Json;
}

export interface World {
  plant: Plant;
  connections: ReadonlyMap<Side, PlantConnection>;
  edits: Edit[];
  /** Edits of records that their system keeps to itself; they are no part of `edits`. */
  apart: Edit[];
  comments: { side: Side; key: string; text: string }[];
  /** Keys deleted somewhere, and where. */
  deleted: { side: Side; key: string }[];
  /** The next time the sync comes by `point`: die, or let somebody type. */
  arm(trap: { point: string; skip: number; then: 'crash' | (() => void) }): void;
  /** Runs a part of the sync as one worker's life; true when it died of a crash that was asked for. */
  live(work: () => Promise<unknown>): Promise<boolean>;
  edit(step: Omit<Extract<Step, { do: 'edit' | 'create' }>, 'do'> & { fields: JsonObject }): Promise<boolean>;
  comment(step: { side: Side; key: string; text: string }): Promise<boolean>;
  /** What people at a vendor type; false when the record is not there or the vendor refuses. */
  typeIn(step: { side: Side; kind: Kind; key: string; field: string; value: Json }): boolean;
  create(step: Extract<Step, { do: 'create' }>): Promise<boolean>;
  remove(step: { side: Side; kind: Kind; key: string }): boolean;
  /** What they do to whole records and to lists within them. */
  persons: Persons;
  /** What the connection's settings let us do there. */
  capability(connection: PlantConnection, kind: Kind): EntityCapability;
  /** Whether the records of this kind stay with the side: its contract does not open them to us. */
  isApart(side: Side, kind: Kind): boolean;
  later(ms: number): void;
  /** What its clock shows, epoch milliseconds; the hub's is right. */
  clockOf(side: Side): number;
  /** Pauses and postponed pushes are over. */
  waitOut(): Promise<void>;
  hubRecords(): Promise<HubRecord[]>;
  inTenant<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What a crash throws: the process is gone, so nothing of it may go on. */
class Crash extends Error {}

export async function createWorld(url: string, script: Script): Promise<World> {
  let offsetMs = 0;
  const now = (): number => Date.now() + offsetMs;
  const life = new AsyncLocalStorage<{ dead: boolean }>();
  let traps: { point: string; skip: number; then: 'crash' | (() => void) }[] = [];

  function crashPoint(name: string): void {
    const self = life.getStore();
    if (self === undefined) return;
    if (self.dead) throw new Crash(name);
    for (const trap of [...traps]) {
      if (trap.point !== name) continue;
      if (trap.skip > 0) {
        trap.skip -= 1;
        continue;
      }
      traps = traps.filter((one) => one !== trap);
      if (trap.then === 'crash') {
        self.dead = true;
        throw new Crash(name);
      }
      trap.then();
    }
  }

  const plant = await createPlant({ url, now, crashPoint });
  const { store } = plant;
  plant.deps.store = {
    ...store,
    inTenant: (tenantId, work) => {
      if (life.getStore()?.dead === true) return Promise.reject(new Crash('database'));
      return store.inTenant(tenantId, work);
    },
  };
  const connections = new Map<Side, PlantConnection>();
  const settings = new Map<string, JsonObject>();
  for (const [name, system] of Object.entries(script.systems)) {
    const config = configOf(system, script);
    const connection = await plant.connect(
      system,
      { seed: 'empty', random: script.seed },
      { name, deletePolicy: script.deletePolicy, config },
    );
    connections.set(name, connection);
    vendorOf(system).prepare?.(connection.sandbox.control, script.seed);
    settings.set(connection.id, config);
  }
  const skewOf = (side: Side): number => script.skewMs[side] ?? 0;
  const moveClocks = (): void => {
    for (const [name, { sandbox }] of connections) sandbox.control.setClock(offsetMs + skewOf(name));
  };
  moveClocks();

  const person: PersonDeps = {
    store,
    tenantId: plant.tenantId,
    actor: 'test:person',
    now,
    newId: plant.deps.newId,
    steps: createManualSteps(plant.deps),
  };
  const edits: Edit[] = [];
  const apart: Edit[] = [];
  const comments: World['comments'] = [];
  const deleted: World['deleted'] = [];
  const inTenant = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => store.inTenant(plant.tenantId, work);

  async function hubRecords(): Promise<HubRecord[]> {
    return inTenant(async (tx) => {
      const found = await sql<HubRecord>`select * from hub_record order by id`.execute(tx);
      return found.rows;
    });
  }
  async function hubRecord(kind: Kind, key: string): Promise<HubRecord | null> {
    const all = await hubRecords();
    return (
      all.find(
        (record) =>
          record.entity === kind &&
          record.deletedAt === null &&
          keyOf(record.fields[titleField(kind)]) === key,
      ) ?? null
    );
  }
  function isApart(side: Side, kind: Kind): boolean {
    const connection = connections.get(side);
    return (
      connection !== undefined && vendorOf(connection.system).apart?.(script.seed).includes(kind) === true
    );
  }
  function note(
    side: Side,
    kind: Kind,
    key: string,
    values: JsonObject,
    before: (field: string) => Json,
  ): void {
    const said = isApart(side, kind) ? apart : edits;
    for (const [field, value] of Object.entries(values))
      said.push({ at: said.length, side, kind, key, field, value, over: before(field) });
  }

  function typeIn({ side, kind, key, field, value }: Parameters<World['typeIn']>[0]): boolean {
    const connection = connections.get(side);
    const screen = screenOf(connection, kind);
    const spelling = screen?.fields[field];
    if (connection === undefined || screen === null || spelling === undefined) return false;
    const { control } = connection.sandbox;
    const [row] = rowsOf(connection, kind, key);
    if (row === undefined) return false;
    const spelled = spelling.write(value, row, control);
    if (spelled === null) return false;
    const over = spelling.read(row);
    // Said already: nobody types it again.
    if (Object.entries(spelled).every(([name, said]) => jsonEqual((row[name] ?? null) as Json, said)))
      return false;
    if (jsonEqual(over, value)) return false;
    try {
      control.change(screen.object, String(row['id']), spelled);
    } catch {
      return false;
    }
    note(side, kind, key, { [field]: value }, () => over);
    return true;
  }

  return {
    plant,
    connections,
    persons: createPersons({ person, connections, deleted, hubRecords }),
    edits,
    apart,
    comments,
    deleted,
    isApart,
    hubRecords,
    inTenant,
    typeIn,
    arm: (trap) => {
      traps.push({ ...trap });
    },
    async live(work) {
      const self = { dead: false };
      try {
        await life.run(self, work);
      } catch (error) {
        if (!self.dead) throw error;
      }
      return self.dead;
    },
    async edit({ side, kind, key, fields }) {
      if (side !== 'hub') {
        return Object.entries(fields).some(([field, value]) => typeIn({ side, kind, key, field, value }));
      }
      const hub = await hubRecord(kind, key);
      if (hub === null) return false;
      const { changed } = await setRecordFields(person, { number: hub.number, fields: () => fields });
      const made = Object.fromEntries(
        Object.entries(changed).map(([field, { after }]): [string, Json] => [field, after]),
      );
      note('hub', kind, key, made, (field) => changed[field]?.before ?? null);
      return Object.keys(made).length > 0;
    },
    async comment({ side, key, text }) {
      const connection = connections.get(side);
      if (connection === undefined) {
        const hub = await hubRecord('work_order', key);
        if (hub === null) return false;
        await addComment(person, { number: hub.number, text, author: null });
      } else {
        const [row] = rowsOf(connection, 'work_order', key);
        if (row === undefined) return false;
        const said = vendorOf(connection.system).comments?.said(text) ?? null;
        if (said === null) return false;
        try {
          connection.sandbox.control.change(
            screenOf(connection, 'work_order')?.object ?? '',
            String(row['id']),
            said,
          );
        } catch {
          return false;
        }
      }
      comments.push({ side, key, text });
      return true;
    },
    async create({ side, kind, key, fields }) {
      const connection = connections.get(side);
      if (connection === undefined) {
        await createInHub(plant, kind, fields, now());
      } else {
        const screen = screenOf(connection, kind);
        if (screen === null) return false;
        const { control } = connection.sandbox;
        control.insert(screen.object, {
          ...screen.entered?.(key, control),
          ...spell(connection.system, kind, fields, control),
        });
      }
      const stored = Object.fromEntries(
        Object.entries(fields).filter(
          ([field, value]) =>
            connection === undefined ||
            (spellingOf(connection.system, kind, field)?.write(value, null, connection.sandbox.control) ??
              null) !== null,
        ),
      );
      note(side, kind, key, stored, () => null);
      return true;
    },
    remove({ side, kind, key }) {
      const connection = connections.get(side);
      const screen = screenOf(connection, kind);
      const [row] = connection === undefined ? [] : rowsOf(connection, kind, key);
      if (connection === undefined || screen === null || row === undefined) return false;
      try {
        connection.sandbox.control.remove(screen.object, String(row['id']));
      } catch {
        // Some systems keep what others refer to, or everything.
        return false;
      }
      deleted.push({ side, key });
      return true;
    },
    capability: ({ id, system }, kind) =>
      capabilitiesOf(plant.deps, { system, config: settings.get(id) ?? {} })[kind],
    later(ms) {
      offsetMs += ms;
      moveClocks();
    },
    clockOf: (side) => now() + skewOf(side),
    waitOut: () => inTenant(waitOut),
    close: () => plant.close(),
  };
}

function configOf(system: string, script: Script): JsonObject {
  return { pageSize: script.pageSize, ...vendorOf(system).config?.(script.seed) };
}

/** A record that begins in the hub, as its own API makes one. */
async function createInHub(plant: Plant, kind: Kind, fields: JsonObject, nowMs: number): Promise<void> {
  const { tenantId, deps, store } = plant;
  const at = new Date(nowMs).toISOString();
  const scope = { tenantId, entity: kind, originConnectionId: null, runId: null, at, readingSource: 'hub' };
  await store.inTenant(tenantId, (tx) =>
    addRecords({ rules: deps, tx, scope }, [{ id: deps.newId(), fields }]),
  );
}
