/**
 * Replays a case of kind `plant`: people at one or several sandboxes, whole passes, and what the hub, the screens and the lists
 * of what waits for a person show after them. A server between can answer in a sandbox's place.
 */
import { expect } from '@jest/globals';
import { z } from 'zod';
import { startProxy, type Answered, type Asked, type Proxy } from '../../connectors/kit/proxy.fixture.ts';
import type { FaultRule } from '../../connectors/kit/sandbox/index.ts';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { listQuarantine } from '../../plant/exceptions/quarantine.ts';
import { setRecordFields } from '../../plant/records/records.ts';
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import { repositories } from '../../store/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../support/plant.ts';
import { hubFields } from './pass-case.fixture.ts';
import { spelled } from './rest-case.fixture.ts';

const entity = z.enum(ENTITIES);
const object = z.record(z.string(), z.unknown());
/** Pattern of `METHOD /path?query` to status, body and headers; each answers `times` requests, every one when absent. */
const answer = z.strictObject({
  call: z.string(),
  status: z.number().default(200),
  body: z.unknown(),
  headers: z.record(z.string(), z.string()).default({ 'content-type': 'application/json' }),
  times: z.number().default(Infinity),
});

const step = z.strictObject({
  /** Connection, object, and the rows that people there type. */
  insert: z.tuple([z.string(), z.string(), z.array(object)]).optional(),
  /** So many rows; `#` in a text is the row's number. */
  many: z.tuple([z.string(), z.string(), z.number(), object]).optional(),
  /** Connection, object, what finds the row, what is typed. */
  change: z.tuple([z.string(), z.string(), object, object]).optional(),
  dial: z.tuple([z.string(), z.string(), z.unknown()]).optional(),
  faults: z.tuple([z.string(), z.array(object)]).optional(),
  answers: z.array(answer).optional(),
  /** The title or name of a record, and what a person of the plant types into it. */
  edit: z.tuple([entity, z.string(), object]).optional(),
  /** Passes over these connections, one behind the other; each may fail with the text in `fails`. */
  pass: z.array(z.string()).optional(),
  full: z.boolean().optional(),
  entities: z.array(entity).optional(),
  fails: z.string().optional(),
  sweep: z.tuple([z.string(), entity]).optional(),
  /** What the last pass or the sweep counted. */
  counts: object.optional(),
  hub: z.partialRecord(entity, z.array(object)).optional(),
  /** How many records of a kind the hub has. */
  hubCount: z.partialRecord(entity, z.number()).optional(),
  /** Rows that a connection's screens show among others: object, then each row. */
  screens: z.array(z.tuple([z.string(), z.string(), z.array(object)])).optional(),
  /** How many rows of an object a connection has. */
  rowCount: z.array(z.tuple([z.string(), z.string(), z.number()])).optional(),
  quarantine: z.array(object).optional(),
  /** How many records wait for a person to say which one they are. */
  reviews: z.number().optional(),
});

export const plantCase = z.strictObject({
  what: z.string(),
  kind: z.literal('plant'),
  connections: z.record(
    z.string(),
    z.strictObject({
      system: z.string(),
      seed: z.string().default('empty'),
      config: object.default({}),
      /** Another connection, whose sandbox this one reaches too. */
      at: z.string().optional(),
      deletePolicy: z.enum(['ignore', 'archive', 'delete']).default('ignore'),
      /** A server stands between. */
      between: z.boolean().default(false),
    }),
  ),
  steps: z.array(step).min(1),
});
type Case = z.infer<typeof plantCase>;
type CaseStep = z.infer<typeof step>;

interface Stage {
  plant: Plant;
  connections: Map<string, PlantConnection>;
  answers: { rule: z.infer<typeof answer>; left: number }[];
}

export async function replayPlant({ connections, steps }: Case): Promise<void> {
  const database = await createTestDatabase();
  const plant = await createPlant({ url: database.url });
  const stage: Stage = { plant, connections: new Map(), answers: [] };
  const proxies: Proxy[] = [];
  try {
    for (const [name, spec] of Object.entries(connections)) {
      const at = spec.at === undefined ? undefined : stage.connections.get(spec.at);
      const { seed, deletePolicy } = spec;
      const connect = (config: JsonObject, to?: PlantConnection): Promise<PlantConnection> =>
        plant.connect(
          spec.system,
          { seed },
          { name, deletePolicy, config, ...(to === undefined ? {} : { at: to }) },
        );
      const config = spec.config as JsonObject;
      if (!spec.between) {
        stage.connections.set(name, await connect(config, at));
        continue;
      }
      const bare = await connect(config, at);
      const proxy = await startProxy(bare.sandbox.url, { answer: (asked) => answerOf(stage, asked) });
      proxies.push(proxy);
      await moveTo(plant, bare, proxy.url);
      stage.connections.set(name, bare);
    }
    for (const one of steps) await replayStep(stage, one);
  } finally {
    await plant.close();
    for (const proxy of proxies) await proxy.close();
    await database.drop();
  }
}

/** The address of the server between, in place of the sandbox's. */
async function moveTo(plant: Plant, { id, sandbox }: PlantConnection, url: string): Promise<void> {
  await plant.store.inTenant(plant.tenantId, async (tx) => {
    const { config } = await repositories.connections.load(tx, id);
    const moved = JSON.parse(JSON.stringify(config).replaceAll(sandbox.url, url)) as JsonObject;
    await repositories.connections.setConfig(tx, id, moved);
  });
}

function answerOf(stage: Stage, { method, url }: Asked): Answered | null {
  const found = stage.answers.find(
    ({ rule, left }) => left > 0 && new RegExp(rule.call).test(`${method} ${url}`),
  );
  if (found === undefined) return null;
  found.left -= 1;
  const { status, headers, body } = found.rule;
  const text =
    body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: text };
}

async function replayStep(stage: Stage, one: CaseStep): Promise<void> {
  type Act = (stage: Stage, one: CaseStep) => void | Promise<void>;
  const acts: Act[] = [people, personOfThePlant, passes];
  for (const act of acts) await act(stage, one);
  await judge(stage, one);
}

function connectionNamed({ connections }: Stage, name: string): PlantConnection {
  const connection = connections.get(name);
  if (connection === undefined) throw new Error(`The case has no connection "${name}".`);
  return connection;
}

function people(stage: Stage, { insert, many, change, dial, faults, answers }: CaseStep): void {
  const control = (name: string) => connectionNamed(stage, name).sandbox.control;
  if (insert !== undefined) for (const row of insert[2]) control(insert[0]).insert(insert[1], row);
  if (many !== undefined) {
    const [name, objectName, count, row] = many;
    for (let n = 0; n < count; n += 1)
      control(name).insert(
        objectName,
        typedOf(
          JSON.parse(JSON.stringify(row).replaceAll('#', String(n).padStart(3, '0'))) as JsonObject,
          (of) => control(name).list(of),
        ),
      );
  }
  if (change !== undefined) {
    const [name, objectName, wanted, typed] = change;
    const row = rowsLike(control(name).list(objectName), wanted)[0];
    if (row === undefined) throw new Error(`No ${objectName} at ${name} is like ${JSON.stringify(wanted)}.`);
    control(name).change(
      objectName,
      textOf(row['id']),
      typedOf(typed, (of) => control(name).list(of)),
    );
  }
  if (dial !== undefined) control(dial[0]).setDial(dial[1], dial[2]);
  if (faults !== undefined) control(faults[0]).setFaults({ rules: faults[1] as unknown as FaultRule[] });
  if (answers !== undefined) stage.answers = answers.map((rule) => ({ rule, left: rule.times }));
}

/** `{idOf: [object, what finds the row]}` stands for an id, `x*400` for so many letters. */
function typedOf(
  typed: Readonly<Record<string, unknown>>,
  rows: (objectName: string) => readonly unknown[],
): JsonObject {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]): [string, Json] => {
      const repeated = typeof value === 'string' ? /^(.)\*(\d+)$/.exec(value) : null;
      if (repeated !== null) return [name, (repeated[1] ?? '').repeat(Number(repeated[2]))];
      if (typeof value !== 'object' || value === null || !('idOf' in value)) return [name, value as Json];
      const [of, wanted] = value.idOf as [string, Record<string, unknown>];
      return [name, rowsLike(rows(of), wanted)[0]?.['id'] ?? null];
    }),
  );
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function rowsLike(rows: readonly unknown[], wanted: Readonly<Record<string, unknown>>): JsonObject[] {
  return (rows as JsonObject[]).filter((row) =>
    Object.entries(wanted).every(([name, value]) => row[name] === value),
  );
}

async function personOfThePlant({ plant }: Stage, { edit }: CaseStep): Promise<void> {
  if (edit === undefined) return;
  const [of, called, fields] = edit;
  const { store, tenantId, deps } = plant;
  const hub = (await hubFields(plant, of, 'number')).find(
    ({ title, name }) => title === called || name === called,
  );
  await setRecordFields(
    {
      store,
      tenantId,
      actor: 'test:person',
      now: deps.now,
      newId: deps.newId,
      steps: createManualSteps(deps),
    },
    { number: textOf(hub?.['number']), fields: () => fields as JsonObject },
  );
}

async function passes(stage: Stage, one: CaseStep): Promise<void> {
  let counts: Json = null;
  for (const name of one.pass ?? []) {
    const pass = stage.plant.pass(connectionNamed(stage, name), {
      full: one.full ?? false,
      ...(one.entities === undefined ? {} : { entities: one.entities }),
    });
    if (one.fails === undefined) counts = await pass;
    else expect(await pass.then(String, (error: unknown) => toFailure(error).message)).toContain(one.fails);
  }
  if (one.sweep !== undefined)
    counts = await stage.plant.sweep(connectionNamed(stage, one.sweep[0]), one.sweep[1]);
  if (one.counts !== undefined) expect(counts).toMatchObject(one.counts);
}

async function judge(stage: Stage, one: CaseStep): Promise<void> {
  const { plant } = stage;
  for (const [of, records] of Object.entries(one.hub ?? {})) {
    const found = await hubFields(plant, of);
    expect(found).toHaveLength(records.length);
    expect(found).toMatchObject(records.map(spelled));
  }
  for (const [of, count] of Object.entries(one.hubCount ?? {}))
    expect([of, (await hubFields(plant, of)).length]).toEqual([of, count]);
  for (const [name, objectName, rows] of one.screens ?? []) {
    const shown = connectionNamed(stage, name).sandbox.control.list(objectName);
    for (const row of rows) expect(shown).toContainEqual(expect.objectContaining(spelled(row) as object));
  }
  for (const [name, objectName, count] of one.rowCount ?? [])
    expect([name, connectionNamed(stage, name).sandbox.control.list(objectName).length]).toEqual([
      name,
      count,
    ]);
  if (one.quarantine !== undefined) {
    const rows = await listQuarantine({ store: plant.store, tenantId: plant.tenantId });
    expect(rows).toHaveLength(one.quarantine.length);
    expect(rows).toMatchObject(one.quarantine.map(spelled));
  }
  if (one.reviews !== undefined) {
    const open = await plant.store.inTenant(plant.tenantId, (tx) => repositories.exceptions.countOpen(tx));
    expect(open['ambiguous matches']).toBe(one.reviews);
  }
}
