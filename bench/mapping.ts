/**
 * Mapping speed, all in one run, so that the ratios hold on any machine: the Maximo work order rules that ship, the same map as one JSONata
 * object and as hand-written JavaScript, on one record of 20 mapped fields; the work order rules of every system on the record
 * of their first case; and every expression that ships, compiled and interpreted, on the records of its mapping's cases.
 * `node bench/mapping.ts [seconds per contestant]`
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jsonata from 'jsonata';
import { connectors } from '../connectors/registry.ts';
import { ENTITY_DEFINITIONS } from '../domain/entities/index.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { LIMITS } from '../domain/kernel/limits.ts';
import { readCases, type Cases } from '../mappings/engine/cases.ts';
import { compileExpression } from '../mappings/engine/expression/compile-expression.ts';
import { FUNCTIONS } from '../mappings/engine/expression/functions.ts';
import { loadMappings, MAPPINGS_FOLDER } from '../mappings/engine/index.ts';
import { mappingFiles } from '../mappings/engine/load.ts';
import { readMapping } from '../mappings/engine/source.ts';

const RAW: JsonObject = {
  wonum: '1001',
  siteid: 'BEDFORD',
  description: 'Replace mechanical seal',
  description_longdescription: '<p>Leaking at <b>drive end</b></p><!-- RICH TEXT -->',
  status: 'INPRG',
  status_maxvalue: 'INPRG',
  wopriority: 2,
  worktype: 'CM',
  assetnum: '11450',
  location: 'BR450',
  pmnum: '1003',
  reportedby: 'WILSON',
  lead: 'SMITH',
  reportdate: '2026-03-01T08:15:00-05:00',
  schedstart: '2026-03-02T08:00:00-05:00',
  schedfinish: '2026-03-02T10:00:00-05:00',
  targcompdate: '2026-03-03T17:00:00-05:00',
  actstart: '2026-03-02T08:10:00-05:00',
  actfinish: '2026-03-02T09:40:00-05:00',
  estdur: 1.5,
  actlabcost: 80,
  actmatcost: 79.95,
  woactivity: [
    { taskid: 10, description: 'Drain', status_maxvalue: 'COMP', estdur: 0.25 },
    { taskid: 20, description: 'Fit seal', status_maxvalue: 'APPR', estdur: 1 },
  ],
};
const CONTEXT: JsonObject = {
  site: 'BEDFORD',
  itemSet: 'SET1',
  woPriority: { critical: 1, high: 2, medium: 3, low: 4 },
};

const STATUS: Record<string, string> = {
  WAPPR: 'requested',
  APPR: 'scheduled',
  WSCH: 'scheduled',
  WMATL: 'on_hold',
  INPRG: 'in_progress',
  COMP: 'completed',
  CLOSE: 'closed',
  CAN: 'cancelled',
};
const TASK: Record<string, string> = { COMP: 'completed', INPRG: 'in_progress', CAN: 'skipped' };
const TYPE: Record<string, string> = { CM: 'corrective', PM: 'preventive', EM: 'emergency' };
const PRIORITY: Record<number, string> = { 0: 'none', 1: 'critical', 2: 'high', 3: 'medium', 4: 'low' };

const EXPRESSION = `{
  'title': description, 'description': $trim($replace(description_longdescription, /<!--.*?-->|<[^>]*>/, '')),
  'status': $lookup(${JSON.stringify(STATUS)}, status_maxvalue),
  'priority': $lookup(${JSON.stringify(PRIORITY)}, $string(wopriority)), 'type': $lookup(${JSON.stringify(TYPE)}, worktype),
  'asset': siteid & '|' & assetnum, 'location': siteid & '|' & location, 'plan': siteid & '|' & pmnum,
  'requestedBy': reportedby, 'assignee': lead,
  'requestedAt': $fromMillis($toMillis(reportdate)), 'scheduledStart': $fromMillis($toMillis(schedstart)),
  'scheduledEnd': $fromMillis($toMillis(schedfinish)), 'dueAt': $fromMillis($toMillis(targcompdate)),
  'startedAt': $fromMillis($toMillis(actstart)), 'completedAt': $fromMillis($toMillis(actfinish)),
  'estimatedMinutes': estdur * 60, 'actualCost': $round($sum([actlabcost, actmatcost]), 2),
  'tasks': [woactivity.{ 'sequence': taskid, 'title': description,
    'status': $lookup(${JSON.stringify(TASK)}, status_maxvalue) ?? 'pending', 'estimatedMinutes': estdur * 60 }]
}`;

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function byHand(raw: JsonObject): JsonObject {
  const instant = (name: string): string => new Date(text(raw[name])).toISOString();
  const key = (name: string): string => `${text(raw.siteid)}|${text(raw[name])}`;
  return {
    title: raw.description ?? null,
    description: text(raw.description_longdescription)
      .replace(/<!--.*?-->|<[^>]*>/g, '')
      .trim(),
    status: STATUS[text(raw.status_maxvalue)] ?? null,
    priority: PRIORITY[Number(raw.wopriority)] ?? null,
    type: TYPE[text(raw.worktype)] ?? null,
    asset: key('assetnum'),
    location: key('location'),
    plan: key('pmnum'),
    requestedBy: raw.reportedby ?? null,
    assignee: raw.lead ?? null,
    requestedAt: instant('reportdate'),
    scheduledStart: instant('schedstart'),
    scheduledEnd: instant('schedfinish'),
    dueAt: instant('targcompdate'),
    startedAt: instant('actstart'),
    completedAt: instant('actfinish'),
    estimatedMinutes: Number(raw.estdur) * 60,
    actualCost: Math.round((Number(raw.actlabcost) + Number(raw.actmatcost)) * 100) / 100,
    tasks: (raw.woactivity as JsonObject[]).map((task) => ({
      sequence: task.taskid ?? null,
      title: task.description ?? null,
      status: TASK[text(task.status_maxvalue)] ?? 'pending',
      estimatedMinutes: Number(task.estdur) * 60,
    })),
  };
}

const seconds = Number(process.argv[2] ?? 2);
const mapping = (await loadMappings(undefined, 'maximo')).get('work_order');
if (!mapping) throw new Error('there is no mapping of Maximo work orders');
const { schema } = ENTITY_DEFINITIONS.work_order;
const compiled = jsonata(EXPRESSION);
// JSONata marks its arrays as sequences; a copy is what a caller could keep and validate.
const interpreted = async (raw: JsonObject): Promise<JsonObject> =>
  JSON.parse(JSON.stringify(await compiled.evaluate(raw))) as JsonObject;

const now = (raw: JsonObject): unknown => mapping.pullNow(raw, CONTEXT) ?? mapping.pull(raw, CONTEXT);

/** Calls per second of processor time, so that a busy machine does not blur the figures. */
async function rate(run: () => unknown, ms: number): Promise<number> {
  const end = performance.now() + ms;
  const begun = process.cpuUsage();
  let calls = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 100; i += 1) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    calls += 100;
  }
  const { user, system } = process.cpuUsage(begun);
  return (calls / (user + system)) * 1e6;
}

/** Each is warmed up before any is measured. */
async function compare(contestants: readonly [string, () => unknown][], ms: number): Promise<number[]> {
  for (const [, run] of contestants) await rate(run, 300);
  const rates: number[] = [];
  for (const [, run] of contestants) rates.push(await rate(run, ms));
  return rates;
}

function print(name: string, perSecond: number, last: string): void {
  const cost = (1e6 / perSecond).toFixed(1).padStart(6);
  const shown = Math.round(perSecond).toLocaleString('en').padStart(9);
  console.log(`${name.padEnd(36)} ${shown} records/s ${cost} us  ${last}`);
}

const contestants: [string, () => unknown][] = [
  ['shipped rules, validated', () => now(RAW)],
  ['one JSONata object, validated', async () => schema.safeParse(await interpreted(RAW))],
  ['hand-written JS, validated', () => schema.safeParse(byHand(RAW))],
  ['hand-written JS, not validated', () => byHand(RAW)],
];
const rates = await compare(contestants, seconds * 1000);
const [ours = 1] = rates;
for (const [index, [name]] of contestants.entries())
  print(name, rates[index] ?? 0, `${((rates[index] ?? 0) / ours).toFixed(2)} x`);

async function casesOf(system: string, entity: string): Promise<Cases> {
  const file = join(MAPPINGS_FOLDER, system, `${entity}.cases.yaml`);
  return readCases({ file, text: await readFile(file, 'utf8') }).cases;
}

console.log('\nthe work order rules of each system, on the record of their first case');
for (const system of Object.keys(connectors)) {
  const compiled = (await loadMappings(undefined, system)).get('work_order');
  const { pull, context: general } = await casesOf(system, 'work_order');
  const [first] = pull;
  if (!compiled || !first) continue;
  const [{ raw }, context] = [first, first.context ?? general];
  const result = compiled.pullNow(raw, context);
  if (result?.ok !== true) throw new Error(`${system} does not map its own first case at once`);
  const run = (): unknown => compiled.pullNow(raw, context);
  const [perSecond = 0] = await compare([[system, run]], seconds * 1000);
  print(
    system,
    perSecond,
    `${Object.keys(result.fields).length} fields, ${JSON.stringify(raw).length} bytes`,
  );
}

interface Shipped {
  readonly where: string;
  readonly text: string;
  readonly inputs: readonly JsonObject[];
}

async function shippedExpressions(): Promise<Shipped[]> {
  const found: Shipped[] = [];
  for (const system of Object.keys(connectors))
    for (const file of await mappingFiles(MAPPINGS_FOLDER, system)) {
      const { mapping: rules } = readMapping({ file, text: await readFile(file, 'utf8') });
      const { pull, push } = await casesOf(system, rules.entity);
      const records = { pull: pull.map(({ raw }) => raw), push: push.map(({ fields }) => fields) };
      for (const direction of ['pull', 'push'] as const)
        for (const [name, { expr }] of Object.entries(rules[direction]))
          if (expr !== undefined && records[direction].length > 0)
            found.push({
              where: `${system} ${rules.entity} ${direction} ${name}`,
              text: expr,
              inputs: records[direction],
            });
    }
  return found;
}

console.log('\nexpressions that ship, on the records of their cases: compiled against interpreted');
const ratios: { where: string; ratio: number }[] = [];
for (const { where, text: expr, inputs } of await shippedExpressions()) {
  const { now: closure } = compileExpression(expr);
  const interpreter = jsonata(expr, {
    timeout: LIMITS.expressionTimeMs,
    stack: LIMITS.expressionDepthMax,
    sequence: LIMITS.expressionListMax,
  });
  for (const [name, { signature, call }] of Object.entries(FUNCTIONS))
    interpreter.registerFunction(name, (...args: unknown[]) => call(...args), signature);
  let turn = 0;
  const next = (): JsonObject => inputs[(turn += 1) % inputs.length] ?? {};
  const [fast = 0, slow = 1] = await compare(
    [
      ['compiled', () => closure(next(), CONTEXT)],
      ['interpreted', () => interpreter.evaluate(next(), { context: CONTEXT }).catch(() => undefined)],
    ],
    seconds * 100,
  );
  ratios.push({ where, ratio: fast / slow });
}
ratios.sort((a, b) => a.ratio - b.ratio);
const middle = ratios[Math.floor(ratios.length / 2)];
console.log(
  `${ratios.length} expressions: median ${middle?.ratio.toFixed(0) ?? '?'} x the interpreter; the slowest five:`,
);
for (const { where, ratio } of ratios.slice(0, 5)) console.log(`  ${ratio.toFixed(0)} x  ${where}`);
