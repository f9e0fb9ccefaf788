/** Carries a script out in a plant of its own, lets it come to rest without faults, and judges the laws. */
import { sql } from 'kysely';
import { mayPush } from '../../activities/sync/direction.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual, type Json } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { movesOf, type PlantConnection } from '../support/plant.ts';
import { checkApart } from './apart.ts';
import { checkSteps } from './step-laws.ts';
import { gatherEvidence } from './evidence.ts';
import { titleField } from './fields.ts';
import { checkBases, checkComments, checkEdits, checkLastWords, checkScreens } from './laws.ts';
import { checkTwins } from './twin-laws.ts';
import { describeStep, type Script, type Step } from './script.ts';
import { vendorOf } from './vendors/index.ts';
import { KINDS } from './vendors/vendor.ts';
import { keyOf, rowsOf, rowsOfKind } from './screen-rows.ts';
import { createWorld, type World } from './world.ts';

/** People first: orders name their requester. */
const ENTITIES_USED: readonly Entity[] = ['person', ...KINDS];
/** Rounds of passes a scenario may take to come to rest. */
const ROUNDS_MAX = 15;
/** The loops are looked for in every third scenario: it takes as long as the rest. */
const LOOPS_EVERY = 3;
/** Stamps further apart than this are in order, whatever they were rounded to. */
const STAMPS_APART_MS = 3_000;

export interface Verdict {
  /** One sentence a broken law; empty when all hold. */
  breaks: string[];
  /** What was done and what came of it. */
  story: string[];
  /** How often a law was not asked to hold, by the reason. */
  excused: ReadonlyMap<string, number>;
}

export async function runScript(url: string, script: Script): Promise<Verdict> {
  const story: string[] = [];
  const world = await createWorld(url, script);
  try {
    for (const step of script.steps) story.push(`${describeStep(step)} -> ${await carryOut(world, step)}`);
    calm(world);
    const rest = await settle(world, story, undatedRound(world, script));
    if (rest.length > 0) return { breaks: rest, story, excused: new Map() };
    const evidence = await gatherEvidence(world);
    const breaks = [
      ...(await checkBases(world, evidence)),
      ...checkScreens(world, evidence),
      ...checkEdits(world, evidence),
      ...checkLastWords(world, evidence),
      ...checkSteps(world, evidence),
      ...checkComments(world, evidence),
      ...checkTwins(world, evidence),
      ...checkApart(world, evidence),
    ];
    if (breaks.length === 0) breaks.push(...(await checkQuiet(world, story)));
    if (breaks.length === 0 && script.seed % LOOPS_EVERY === 0)
      breaks.push(...(await checkLoops(world, story)));
    return { breaks, story, excused: evidence.excused };
  } finally {
    await world.close();
  }
}

async function carryOut(world: World, step: Step): Promise<string> {
  const connection = 'side' in step ? world.connections.get(step.side) : undefined;
  switch (step.do) {
    case 'create':
      return done(await world.create(step));
    case 'edit':
      return done(await world.edit({ ...step, fields: { [step.field]: step.value } }));
    case 'comment':
      return done(await world.comment(step));
    case 'step':
    case 'unlink':
    case 'merge':
    case 'discard':
    case 'restore':
      return done(await byPersons(world, step));
    case 'meanwhile':
      world.arm({ point: step.point, skip: step.skip, then: () => void world.typeIn(step.step) });
      return 'armed';
    case 'delete':
      return done(world.remove(step));
    case 'faults':
      connection?.sandbox.control.setFaults({ seed: 1, rules: step.rules });
      return 'armed';
    case 'dial':
      connection?.sandbox.control.setDial(step.name, step.value);
      return 'set';
    case 'later':
      world.later(step.ms);
      // Lists lag behind writes, but not for longer than a create waits for them: what the product promises ends there.
      if (step.ms >= LIMITS.createSettleMs) showWrites(world);
      await world.waitOut();
      return 'done';
    case 'crash':
      world.arm({ point: step.point, skip: step.skip, then: 'crash' });
      return 'armed';
    case 'pass':
      return connection === undefined ? 'nobody' : await pass(world, connection, step);
    case 'race': {
      if (connection === undefined) return 'nobody';
      const both = [
        pass(world, connection, { do: 'pass', side: step.side }),
        pass(world, connection, { do: 'pass', side: step.side }),
      ];
      return (await Promise.all(both)).join(' / ');
    }
    case 'sweep': {
      if (connection === undefined) return 'nobody';
      return attempt(world, async () => JSON.stringify(await world.plant.sweep(connection, step.kind)));
    }
  }
}

type PersonsStep = Extract<Step, { do: 'step' | 'unlink' | 'merge' | 'discard' | 'restore' }>;

function byPersons({ persons }: World, step: PersonsStep): Promise<boolean> {
  switch (step.do) {
    case 'step':
      return persons.step(step);
    case 'unlink':
      return persons.unlink(step);
    case 'merge':
      return persons.merge(step);
    case 'discard':
      return persons.discard(step);
    case 'restore':
      return persons.restore(step);
  }
}

function showWrites(world: World): void {
  for (const { system, sandbox } of world.connections.values()) {
    const { staleReads } = vendorOf(system).rest;
    if (staleReads !== undefined) sandbox.control.setDial('staleReads', staleReads);
  }
}

function done(accepted: boolean): string {
  return accepted ? 'done' : 'not possible';
}

async function pass(
  world: World,
  connection: PlantConnection,
  step: Extract<Step, { do: 'pass' }>,
): Promise<string> {
  const entities = step.backwards === true ? [...ENTITIES_USED].reverse() : ENTITIES_USED;
  return attempt(world, async () => {
    const counts = await world.plant.pass(connection, {
      entities,
      full: step.full ?? false,
      pull: step.only !== 'push',
      push: step.only !== 'pull',
    });
    return JSON.stringify(counts);
  });
}

/** A part of the sync may fail of faults or die; it is done again by a later pass. */
async function attempt(world: World, work: () => Promise<string>): Promise<string> {
  let told = '';
  try {
    const died = await world.live(async () => {
      told = await work();
    });
    return died ? 'crashed' : told;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'bug') return `BUG ${failure.message}`;
    return `${failure.kind}: ${failure.message}`;
  }
}

/** Faults end, vendors behave. */
function calm(world: World): void {
  for (const { system, sandbox } of world.connections.values()) {
    sandbox.control.clearFaults();
    for (const [name, value] of Object.entries(vendorOf(system).rest)) sandbox.control.setDial(name, value);
  }
}

interface UndatedRound {
  /** Time until a round begins. */
  ms: number;
  /** Passes until it has ended. */
  passes: number;
}

const NO_WAIT: UndatedRound = { ms: 0, passes: 0 };

/**
 * No contract can promise that a change is seen at once of which the system tells no date (SAP PM 4.2, rule 4). The product
 * promises a slow walk over everything, so the plant is at rest, and judged by the same laws, when one has ended.
 */
function undatedRound(world: World, script: Script): UndatedRound {
  const wait = { ...NO_WAIT };
  for (const [side, connection] of world.connections) {
    const { undated } = vendorOf(connection.system);
    const turned = script.steps.some(
      (step) => step.do === 'dial' && step.side === side && step.name === undated?.dial,
    );
    if (undated === undefined || !turned) continue;
    // What other systems still have to bring here is created on the way.
    const toCome = script.steps.filter((step) => step.do === 'create' && step.kind === undated.kind).length;
    const rows = rowsOfKind(connection, undated.kind).length + toCome;
    wait.ms = Math.max(wait.ms, undated.everyMs);
    // A round that a pass of the script began ends first.
    wait.passes = Math.max(wait.passes, 2 * Math.ceil(rows / script.pageSize) + 1);
  }
  return wait;
}

/** Passes until a round moves nothing and nothing is left to push, `wait.passes` at least. */
export async function settle(world: World, story: string[], wait = NO_WAIT): Promise<string[]> {
  let trouble: string[] = [];
  world.later(wait.ms);
  let least = wait.passes;
  let typed = world.edits.length;
  for (let round = 1; round <= least + ROUNDS_MAX; round += 1) {
    world.later(15_000);
    await world.waitOut();
    trouble = [];
    let moved = 0;
    for (const [name, connection] of world.connections) {
      try {
        const counts = await world.plant.pass(connection, { entities: ENTITIES_USED });
        moved += movesOf(counts);
        story.push(`settle ${round} ${name} ${JSON.stringify(counts)}`);
      } catch (error) {
        const failure = toFailure(error);
        trouble.push(`1: a pass at ${name} fails without any fault: ${failure.kind}: ${failure.message}`);
        story.push(`settle ${round} ${name} ${failure.stack ?? failure.message}`);
      }
      // Rows that a transaction of another scenario still hides are there in an instant.
      const left = await leftToPush(world, connection);
      if (left.length > 0) {
        moved += 1;
        story.push(`settle ${round} ${name} has still to push: ${left.join(', ')}`);
      }
    }
    if (wait.passes > 0 && typed !== world.edits.length) {
      // Somebody was still to type while the sync is at a point: that too is seen after a round only.
      typed = world.edits.length;
      world.later(wait.ms);
      least = round + wait.passes;
    }
    if (moved === 0 && round >= least) return trouble;
  }
  return trouble.length > 0 ? trouble : [`1: the plant still moves after ${least + ROUNDS_MAX} rounds`];
}

async function leftToPush(world: World, connection: PlantConnection): Promise<Entity[]> {
  const { deps, tenantId } = world.plant;
  return world.inTenant(async (tx) => {
    const row = await deps.repo.connections.load(tx, connection.id);
    const left = await deps.repo.pushes.entities(tx, tenantId, connection.id);
    return ENTITIES_USED.filter((entity) => left.has(entity) && mayPush(deps, row, entity));
  });
}

async function traces(world: World): Promise<string> {
  const rows = await world.inTenant(async (tx) => {
    const found = await sql<{ changes: number; log: number }>`
      select (select count(*) from change) as changes, (select count(*) from record_history) as log`.execute(
      tx,
    );
    return found.rows[0];
  });
  const writes = [...world.connections].map(([name, connection]) =>
    vendorOf(connection.system).countsWrites
      ? [name, connection.sandbox.control.stats().writes]
      : [name, KINDS.map((kind) => rowsOfKind(connection, kind))],
  );
  return JSON.stringify([rows, writes]);
}

/** Law 1: a further pass writes nothing, also when it reads everything again. */
export async function checkQuiet(world: World, story: string[]): Promise<string[]> {
  const before = await traces(world);
  for (const full of [false, true]) {
    for (const connection of world.connections.values())
      story.push(
        `quiet ${JSON.stringify(await world.plant.pass(connection, { entities: ENTITIES_USED, full }))}`,
      );
    const after = await traces(world);
    if (after !== before)
      return [`1: a further pass${full ? ' over everything' : ''} wrote: ${before} became ${after}`];
  }
  return [];
}

/**
 * Law 4: one more edit on each side writes once at every other system and not at its own. An order in ChatterFix stays as
 * people left it (contract 4.1: no route changes one), so they type over what they see and the hub has not: that is a
 * conflict, which has to be written down with its winner. Their title's policy is `newest`, by the stamps of each side's own
 * clock; where ChatterFix's is behind, theirs is the older one and may write nowhere.
 */
export async function checkLoops(world: World, story: string[]): Promise<string[]> {
  const evidence = await gatherEvidence(world);
  const breaks: string[] = [];
  const sides = ['hub', ...world.connections.keys()];
  const candidate = evidence.hubs.find((hub) =>
    hub.entity === 'asset' || hub.entity === 'work_order'
      ? keyOf(hub.fields[titleField(hub.entity)]) !== null &&
        hub.deletedAt === null &&
        evidence.links.filter((link) => link.hubId === hub.id && link.goneAt === null).length ===
          world.connections.size &&
        !evidence.conflicts.some((row) => row.hubId === hub.id && row.resolvedAt === null) &&
        !evidence.quarantine.some((row) => row.subject === hub.id && row.closedAt === null) &&
        evidence.hubs.filter(
          (other) =>
            keyOf(other.fields['title'] ?? other.fields['name']) ===
            keyOf(hub.fields['title'] ?? hub.fields['name']),
        ).length === 1 &&
        hub.fields['status'] !== 'closed' &&
        hub.fields['status'] !== 'cancelled'
      : false,
  );
  if (candidate === undefined) return [];
  const kind = candidate.entity as 'asset' | 'work_order';
  const field = titleField(kind);
  const key = keyOf(candidate.fields[field]) ?? '';
  /** What the hub has, and when it was said by the clock of the side that said it. */
  let standing: { value: Json; at: number } = {
    value: candidate.fields[field] ?? null,
    at: Number.NEGATIVE_INFINITY,
  };
  for (const side of sides) {
    for (const { sandbox } of world.connections.values()) sandbox.control.resetStats();
    world.later(2_000);
    // Vendors' stamps are whole seconds: which of two is newer must not hang on their fractions.
    if (Math.abs(world.clockOf(side) - standing.at) < STAMPS_APART_MS) world.later(2 * STAMPS_APART_MS);
    const value = `${key} last ${side}`;
    const at = world.clockOf(side);
    if (!(await world.edit({ side, kind, key, fields: { [field]: value } }))) continue;
    const own = world.connections.get(side);
    const contested =
      own !== undefined &&
      !world.capability(own, kind).update &&
      !jsonEqual(world.edits.at(-1)?.over ?? null, standing.value);
    const overruled = contested && at < standing.at;
    const rows = new Map(
      [...world.connections].map(([name, connection]) => [
        name,
        KINDS.map((of) => rowsOfKind(connection, of)),
      ]),
    );
    const rest = await settle(world, story);
    if (rest.length > 0) return rest;
    if (contested) {
      const winner = overruled ? 'hub' : 'external';
      const { conflicts } = await gatherEvidence(world);
      const told = conflicts.filter(
        (row) =>
          row.connectionId === own.id &&
          row.hubId === candidate.id &&
          row.field === field &&
          row.policy === 'newest' &&
          row.winner === winner &&
          jsonEqual(row.hubValue, standing.value) &&
          jsonEqual(row.externalValue, value),
      );
      if (told.length !== 1)
        breaks.push(
          `2: ${JSON.stringify(value)}, typed at ${side} over an older value, is ${told.length} times written down as won by ${winner}`,
        );
    }
    if (!overruled) standing = { value, at };
    for (const [name, connection] of world.connections) {
      const { created, updated, deleted } = connection.sandbox.control.stats().writes;
      const counted = [created, updated, deleted]
        .flatMap((of) => Object.values(of))
        .reduce((a, b) => a + b, 0);
      const writes = vendorOf(connection.system).countsWrites
        ? counted
        : rowsChanged(
            rows.get(name) ?? [],
            KINDS.map((of) => rowsOfKind(connection, of)),
          );
      const [row] = rowsOf(connection, kind, key);
      const needed = row === undefined ? 1 : (vendorOf(connection.system).writesOfAnEdit?.(row) ?? 1);
      const wanted = overruled || name === side || !world.capability(connection, kind).update ? 0 : needed;
      if (writes !== wanted)
        breaks.push(
          `4: an edit of ${key} at ${side} made ${writes} writes at ${name}: ${JSON.stringify({ created, updated })}`,
        );
    }
  }
  return breaks;
}

/** How many rows are new or not as they were. */
function rowsChanged(before: readonly object[][], after: readonly object[][]): number {
  const known = new Set(before.flat().map((row) => JSON.stringify(row)));
  return after.flat().filter((row) => !known.has(JSON.stringify(row))).length;
}
