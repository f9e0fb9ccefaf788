/**
 * Mapping speed: the Maximo work order rules that ship, the same map as one JSONata object, and hand-written JavaScript,
 * all on one record of 20 mapped fields and in one run, so that the ratios hold on any machine.
 * `node bench/mapping.ts [seconds per contestant]`
 */
import jsonata from 'jsonata';
import { ENTITY_DEFINITIONS } from '../domain/entities/index.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { loadMappings } from '../mappings/engine/index.ts';

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

const contestants: [string, (raw: JsonObject) => unknown][] = [
  ['shipped rules, validated', (raw) => mapping.pull(raw, CONTEXT)],
  ['one JSONata object, validated', async (raw) => schema.safeParse(await interpreted(raw))],
  ['hand-written JS, validated', (raw) => schema.safeParse(byHand(raw))],
  ['hand-written JS, not validated', byHand],
];

/** Records per second of processor time, so that a busy machine does not blur the figures. */
async function rate(run: (raw: JsonObject) => unknown, ms: number): Promise<number> {
  const end = performance.now() + ms;
  const begun = process.cpuUsage();
  let records = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 100; i += 1) await run(RAW);
    records += 100;
  }
  const { user, system } = process.cpuUsage(begun);
  return (records / (user + system)) * 1e6;
}

for (const [, run] of contestants) await rate(run, 300);
const rates: number[] = [];
for (const [, run] of contestants) rates.push(await rate(run, seconds * 1000));
const [ours = 1] = rates;
for (const [index, [name]] of contestants.entries()) {
  const perSecond = rates[index] ?? 0;
  const cost = (1e6 / perSecond).toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(32)} ${Math.round(perSecond).toLocaleString('en').padStart(9)} records/s ${cost} us  ${(perSecond / ours).toFixed(2)} x`,
  );
}
