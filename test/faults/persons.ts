/**
 * What people of the plant do to whole records, and people anywhere to the steps of an order: one step at a time, so that two
 * sides can change different steps of one list at once. Part of a world; single fields and comments are world.ts.
 */
import { deleteRecordByNumber, restoreRecord, setRecordFields } from '../../plant/records/records.ts';
import { mergeRecords, unlink } from '../../plant/records/links.ts';
import type { PersonDeps } from '../../plant/person.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { PlantConnection } from '../support/plant.ts';
import type { Side, Step } from './script.ts';
import { titleField } from './fields.ts';
import { vendorOf } from './vendors/index.ts';
import type { Kind } from './vendors/vendor.ts';
import { keyOf, rowsOf, screenOf } from './screen-rows.ts';

/** A change of one step of an order, in the order they were made. */
export interface StepSaid {
  side: Side;
  key: string;
  /** Its words; null when it was taken away. Unique. */
  said: string | null;
  /** Its words before; null when it is new. */
  over: string | null;
}

export interface Persons {
  steps: readonly StepSaid[];
  /** How often somebody said that a record is not the one it was linked with: so many more are rightly there. */
  parted: ReadonlyMap<string, number>;
  step(step: Extract<Step, { do: 'step' }>): Promise<boolean>;
  unlink(step: { side: Side; kind: Kind; key: string }): Promise<boolean>;
  merge(step: { kind: Kind; key: string }): Promise<boolean>;
  discard(step: { kind: Kind; key: string }): Promise<boolean>;
  restore(step: { kind: Kind; key: string }): Promise<boolean>;
}

/** Steps are numbered in tens, as maintenance people do. */
const APART = 10;
type HubStep = JsonObject & { sequence: number; title: string };

export function createPersons(world: {
  person: PersonDeps;
  connections: ReadonlyMap<Side, PlantConnection>;
  deleted: { side: Side; key: string }[];
  hubRecords(): Promise<HubRecord[]>;
}): Persons {
  const { person, connections, deleted } = world;
  const steps: StepSaid[] = [];
  const parted = new Map<string, number>();

  async function hubsOf(kind: Kind, key: string): Promise<HubRecord[]> {
    const all = await world.hubRecords();
    return all.filter((hub) => hub.entity === kind && keyOf(hub.fields[titleField(kind)]) === key);
  }
  const isLive = ({ deletedAt }: HubRecord): boolean => deletedAt === null;

  async function stepInHub({ key, how, which, said }: Extract<Step, { do: 'step' }>): Promise<boolean> {
    const hub = (await hubsOf('work_order', key)).find(isLive);
    if (hub === undefined) return false;
    const tasks = (hub.fields['tasks'] ?? []) as HubStep[];
    const at = how === 'add' ? undefined : tasks[which % Math.max(1, tasks.length)];
    if (how !== 'add' && at === undefined) return false;
    const number = Math.max(0, ...tasks.map(({ sequence }) => sequence)) + APART;
    const changed =
      at === undefined
        ? [...tasks, { sequence: number, title: said, status: 'pending' }]
        : how === 'remove'
          ? tasks.filter((one) => one !== at)
          : tasks.map((one) => (one === at ? { ...one, title: said } : one));
    await setRecordFields(person, { number: hub.number, fields: () => ({ tasks: changed }) });
    steps.push({ side: 'hub', key, said: how === 'remove' ? null : said, over: at?.title ?? null });
    return true;
  }

  function stepThere(step: Extract<Step, { do: 'step' }>): boolean {
    const { side, key, how, which, said } = step;
    const connection = connections.get(side);
    const object = screenOf(connection, 'work_order')?.object;
    const words = connection === undefined ? undefined : vendorOf(connection.system).steps;
    const [row] = connection === undefined ? [] : rowsOf(connection, 'work_order', key);
    if (connection === undefined || object === undefined || words === undefined || row === undefined)
      return false;
    const { elements } = connection.sandbox.control;
    const id = String(row['id']);
    const there = elements.of(object, id, 'tasks');
    const at = how === 'add' ? undefined : there[which % Math.max(1, there.length)];
    if (how !== 'add' && at === undefined) return false;
    try {
      if (at === undefined) elements.add(object, id, 'tasks', words.entered(said, nextNumber(there)));
      else if (how === 'remove') elements.remove(object, id, 'tasks', at.key);
      else elements.change(object, id, 'tasks', { key: at.key, fields: { [words.title]: said } });
    } catch {
      // Finished orders are history there.
      return false;
    }
    const over = at === undefined ? null : String(at[words.title]);
    steps.push({ side, key, said: how === 'remove' ? null : said, over });
    return true;
  }

  return {
    steps,
    parted,
    step: async (step) => (step.side === 'hub' ? stepInHub(step) : stepThere(step)),
    async unlink({ side, kind, key }) {
      const connection = connections.get(side);
      const screen = screenOf(connection, kind);
      const [row] = connection === undefined ? [] : rowsOf(connection, kind, key);
      if (connection === undefined || screen === null || row === undefined) return false;
      const link = { connectionId: connection.id, entity: kind, externalId: screen.externalId(row) };
      const done = await allowed(() => unlink(person, link));
      if (done) parted.set(key, (parted.get(key) ?? 0) + 1);
      return done;
    },
    async merge({ kind, key }) {
      const [keep, drop] = (await hubsOf(kind, key)).filter(isLive);
      if (keep === undefined || drop === undefined) return false;
      return allowed(() => mergeRecords(person, { keep: keep.number, drop: drop.number }));
    },
    async discard({ kind, key }) {
      const hub = (await hubsOf(kind, key)).find(isLive);
      if (hub === undefined) return false;
      const done = await allowed(() => deleteRecordByNumber(person, { number: hub.number }));
      if (done) deleted.push({ side: 'hub', key });
      return done;
    },
    async restore({ kind, key }) {
      const hub = (await hubsOf(kind, key)).find((one) => !isLive(one));
      if (hub === undefined) return false;
      const done = await allowed(() => restoreRecord(person, { number: hub.number }));
      const at = deleted.findIndex((one) => one.side === 'hub' && one.key === key);
      if (done && at >= 0) deleted.splice(at, 1);
      return done;
    },
  };
}

function nextNumber(there: readonly Readonly<Record<string, unknown>>[]): number {
  const numbers = there.map((one) => Number(one['taskid'] ?? one['sequence_order'] ?? 0));
  return Math.max(0, ...numbers) + APART;
}

/** Whether the product lets them; what it refuses it refuses with a reason. */
async function allowed(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Failure && (error.kind === 'conflict' || error.kind === 'not_found')) return false;
    throw error;
  }
}
