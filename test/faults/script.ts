/**
 * A scenario as data: what people, vendors, clocks and crashes do, one step after the other. Written from a seed alone,
 * so that a failing one can be printed, replayed and shortened. Carrying it out is run-script.ts.
 */
import { createRandom, type FaultRule, type Random } from '../../connectors/kit/sandbox/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { EVERY_CONNECTOR_FROM, PERSONS_FROM } from '../support/fault-seeds.ts';
import { FIELDS, titleField } from './fields.ts';
import { SYSTEMS, vendorOf, type System } from './vendors/index.ts';
import type { Kind } from './vendors/vendor.ts';

/** `hub`, or the name of a connection. */
export type Side = string;

export type Step =
  | { do: 'create'; side: Side; kind: Kind; key: string; fields: JsonObject }
  | { do: 'edit'; side: Side; kind: Kind; key: string; field: string; value: Json }
  | { do: 'comment'; side: Side; key: string; text: string }
  /** One step of a work order: a new one, other words for one of those that are there, or one fewer. */
  | { do: 'step'; side: Side; key: string; how: 'add' | 'change' | 'remove'; which: number; said: string }
  /** People of the plant mend what the sync holds together, or take a record away and bring it back. */
  | { do: 'unlink'; side: Side; kind: Kind; key: string }
  | { do: 'merge'; kind: Kind; key: string }
  | { do: 'discard'; kind: Kind; key: string }
  | { do: 'restore'; kind: Kind; key: string }
  /** The next occurrence of a point of the sync, after `skip` others, is where a vendor's user types this. */
  | { do: 'meanwhile'; point: string; skip: number; step: Extract<Step, { do: 'edit' }> }
  | { do: 'delete'; side: Side; kind: Kind; key: string }
  | { do: 'faults'; side: Side; rules: FaultRule[] }
  | { do: 'dial'; side: Side; name: string; value: Json }
  /** All clocks go on. */
  | { do: 'later'; ms: number }
  | { do: 'crash'; point: string; skip: number }
  | { do: 'pass'; side: Side; full?: boolean; only?: 'pull' | 'push'; backwards?: boolean }
  /** Two workers at once, as after a worker that was believed dead. */
  | { do: 'race'; side: Side }
  | { do: 'sweep'; side: Side; kind: Kind };

export interface Script {
  seed: number;
  /** Connection name to system. */
  systems: Record<string, System>;
  deletePolicy: 'ignore' | 'archive' | 'delete';
  pageSize: number;
  /** How far each vendor's clock is off, milliseconds. */
  skewMs: Record<string, number>;
  steps: Step[];
}

export const POINTS = [
  'pull:fetched',
  'pull:staged',
  'pull:applying',
  'pull:applied',
  'push:intended',
  'push:created',
  'push:updated',
  'push:storing',
  'push:stored',
] as const;

const MINUTE_MS = 60_000;
/** Every fifth scenario has a second UpKeep, so that a change fans out. */
const THREE_SYSTEMS_EVERY = 5;
const DUE_FROM = Date.UTC(2027, 0, 1);

export function writeScript(seed: number): Script {
  const random = createRandom(seed * 7_919 + 1);
  const systems = systemsOf(seed);
  const vendors = Object.keys(systems) as [Side, ...Side[]];
  const writer = createWriter(random, systems, seed >= PERSONS_FROM);
  const script: Script = {
    seed,
    systems,
    deletePolicy: random.pick(['ignore', 'ignore', 'archive', 'delete']),
    pageSize: random.pick([2, 3, 100]),
    skewMs: Object.fromEntries(vendors.map((name) => [name, skewOf(random)])),
    steps: [],
  };
  // Half of the scenarios begin with records on both sides before anything has met.
  if (random.chance(0.5)) script.steps.push({ do: 'pass', side: random.pick(vendors) });
  for (let n = 3 + random.int(4); n > 0; n -= 1) script.steps.push(writer.create());
  for (let rounds = 3 + random.int(3); rounds > 0; rounds -= 1) script.steps.push(...writer.round(vendors));
  return script;
}

/** Every pair of systems, so that as many seeds in a row meet all of them. */
const PAIRS = SYSTEMS.flatMap((one, index) =>
  SYSTEMS.slice(index + 1).map((other): [System, System] => [one, other]),
);
/** Prime to the number of pairs: neighbours in the list are far apart in the seeds. */
const STRIDE = 8;

function systemsOf(seed: number): Script['systems'] {
  if (seed < EVERY_CONNECTOR_FROM) {
    return seed % THREE_SYSTEMS_EVERY === 0
      ? { maximo: 'maximo', upkeep: 'upkeep', second: 'upkeep' }
      : { maximo: 'maximo', upkeep: 'upkeep' };
  }
  const index = seed - (seed < PERSONS_FROM ? EVERY_CONNECTOR_FROM : PERSONS_FROM);
  const [one, other] = PAIRS[(index * STRIDE) % PAIRS.length] ?? ['maximo', 'upkeep'];
  const third = SYSTEMS[Math.floor(index / PAIRS.length + index) % SYSTEMS.length];
  const three = seed % THREE_SYSTEMS_EVERY === 0 && third !== undefined && third !== one && third !== other;
  return { [one]: one, [other]: other, ...(three ? { [third]: third } : {}) };
}

function skewOf(random: Random): number {
  return random.chance(0.5) ? 0 : (random.int(11) - 5) * MINUTE_MS;
}

function createWriter(random: Random, systems: Script['systems'], persons: boolean) {
  const vendors = Object.keys(systems) as [Side, ...Side[]];
  const sides: [Side, ...Side[]] = ['hub', ...vendors];
  const records: { key: string; kind: Kind }[] = [];
  let values = 0;
  const vendor = (name: Side) => vendorOf(systems[name] ?? '');
  const hasVoice = (name: Side): boolean => (vendor(name).comments?.said('') ?? null) !== null;
  const breakable = vendors.filter((name) => vendor(name).calls.length > 0) as [Side, ...Side[]];
  const turnable = vendors.filter((name) => Object.keys(vendor(name).rest).length > 0) as [Side, ...Side[]];

  function fresh(kind: Kind, key: string, field: string): Json {
    values += 1;
    const mark = `v${String(values)}`;
    if (field === titleField(kind)) return `${key} ${mark}`;
    switch (field) {
      case 'dueAt':
        return new Date(DUE_FROM + values * 61_000).toISOString();
      case 'estimatedMinutes':
        return values * 15;
      case 'priority':
        return random.pick(['none', 'low', 'medium', 'high', 'critical']);
      case 'status':
        return random.pick([
          'requested',
          'scheduled',
          'scheduled',
          'in_progress',
          'in_progress',
          'on_hold',
          'completed',
          'closed',
          'cancelled',
        ]);
      case 'manufacturer':
        // An attribute of type UPPER in Maximo.
        return mark.toUpperCase();
      default:
        return mark;
    }
  }

  function create(): Step {
    const kind = random.pick<Kind>(['work_order', 'work_order', 'work_order', 'asset', 'location']);
    const key = `K${String(records.length + 1)}`;
    records.push({ key, kind });
    const side = random.pick(sides);
    const fields: JsonObject = { [titleField(kind)]: fresh(kind, key, titleField(kind)) };
    for (const field of Object.keys(FIELDS[kind])) {
      if (field !== 'status' && field !== titleField(kind) && random.chance(0.4))
        fields[field] = fresh(kind, key, field);
    }
    return { do: 'create', side, kind, key, fields };
  }

  function edit(among: readonly [Side, ...Side[]] = sides): Extract<Step, { do: 'edit' }> {
    const { key, kind } = records[random.int(records.length)] ?? { key: 'K1', kind: 'work_order' };
    const field = random.pick(Object.keys(FIELDS[kind]) as [string, ...string[]]);
    return { do: 'edit', side: random.pick(among), kind, key, field, value: fresh(kind, key, field) };
  }

  function comment(): Step {
    const orders = records.filter(({ kind }) => kind === 'work_order');
    const key = orders[random.int(orders.length)]?.key ?? 'K1';
    values += 1;
    const side = random.pick(['hub', ...vendors.filter((name) => hasVoice(name))]);
    return { do: 'comment', side, key, text: `said v${String(values)}` };
  }

  function anyOf(kind?: Kind): { key: string; kind: Kind } | undefined {
    const among = records.filter((record) => kind === undefined || record.kind === kind);
    return among[random.int(among.length)];
  }

  function step(): Step[] {
    const order = anyOf('work_order');
    if (order === undefined) return [];
    values += 1;
    const how = random.pick(['add', 'add', 'change', 'change', 'remove'] as const);
    const side = random.pick(['hub', ...vendors.filter((name) => vendor(name).steps !== undefined)]);
    return [{ do: 'step', side, key: order.key, how, which: random.int(3), said: `step v${String(values)}` }];
  }

  /** What people of the plant do to whole records, some of it undone later. */
  function mending(): Step[] {
    const record = anyOf();
    if (record === undefined) return [];
    const between = random.chance(0.5) ? [pass()] : [];
    return random.chance(0.5)
      ? [
          { do: 'unlink', side: random.pick(vendors), ...record },
          ...between,
          ...(random.chance(0.7) ? [{ do: 'merge', ...record } as const] : []),
        ]
      : [
          { do: 'discard', ...record },
          ...between,
          ...(random.chance(0.7) ? [{ do: 'restore', ...record } as const] : []),
        ];
  }

  function faults(): Step[] {
    const side = random.pick(breakable);
    const rules: FaultRule[] = [];
    for (let n = 1 + random.int(2); n > 0; n -= 1) {
      const effect = random.pick<FaultRule['effect']>([
        'http_500',
        'http_503',
        'http_429',
        'reset_before',
        'drop_after_commit',
        'drop_after_commit',
        'html',
        'truncate',
        'truncate',
        'expire_session',
      ]);
      const match = random.pick(vendor(side).calls as [FaultRule['match'], ...FaultRule['match'][]]);
      rules.push({
        effect,
        match: match ?? {},
        times: 1 + random.int(effect.startsWith('http') ? 5 : 2),
        skip: random.int(4),
        probability: random.pick([1, 1, 0.5]),
        // Real throttles ask for whole seconds; the client honours fractions just the same.
        ...(effect === 'http_429' && random.chance(0.9) ? { retryAfterS: 0.05 } : {}),
      });
    }
    return [{ do: 'faults', side, rules }];
  }

  function dial(): Step {
    const side = random.pick(turnable);
    type Turn = ReturnType<ReturnType<typeof vendor>['dials']>[number];
    return { do: 'dial', side, ...random.pick(vendor(side).dials(random) as [Turn, ...Turn[]]) };
  }

  function pass(): Step {
    const side = random.pick(vendors);
    if (random.chance(0.1)) return { do: 'race', side };
    return {
      do: 'pass',
      side,
      ...(random.chance(0.1) ? { full: true } : {}),
      ...(random.chance(0.2) ? { only: random.pick(['pull', 'push']) } : {}),
      ...(random.chance(0.1) ? { backwards: true } : {}),
    };
  }

  return {
    create,
    round(names: readonly [Side, ...Side[]]): Step[] {
      const steps: Step[] = [];
      for (let n = 1 + random.int(4); n > 0; n -= 1) {
        steps.push(random.chance(0.2) ? create() : random.chance(0.2) ? comment() : edit());
      }
      if (persons) {
        for (let n = random.int(4); n > 0; n -= 1) steps.push(...step());
        if (random.chance(0.4)) steps.push(...mending());
      }
      if (random.chance(0.5)) steps.push(...faults());
      if (random.chance(0.2)) steps.push(dial());
      if (random.chance(0.4)) steps.push({ do: 'crash', point: random.pick(POINTS), skip: random.int(6) });
      if (random.chance(0.2)) {
        const step = edit(names);
        steps.push({ do: 'meanwhile', point: random.pick(POINTS), skip: random.int(6), step });
      }
      for (let n = 1 + random.int(3); n > 0; n -= 1) {
        steps.push(pass());
        if (random.chance(0.3)) steps.push(edit());
      }
      if (random.chance(0.3)) {
        steps.push({ do: 'later', ms: random.pick([5_000, MINUTE_MS, 15 * MINUTE_MS, 120 * MINUTE_MS]) });
      }
      if (random.chance(0.06)) {
        const record = records[random.int(records.length)];
        if (record !== undefined) {
          const side = random.pick(names);
          steps.push({ do: 'delete', side, ...record });
          steps.push({ do: 'sweep', side, kind: record.kind }, { do: 'sweep', side, kind: record.kind });
        }
      }
      return steps;
    },
  };
}

/** One line a step, as a failing seed prints it. */
export function describeStep(step: Step): string {
  const { do: verb, ...rest } = step;
  return `${verb} ${Object.entries(rest)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')}`;
}
