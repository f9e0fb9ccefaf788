/**
 * Meter updates go through the asset that carries the meter (contract 4.11): its `assetmeter` row is merged by name, a
 * reading is written as `newreading`. A reading that is not newer than the last is left out: Maximo takes none.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { runJobs, throwIfRefused } from './bulk.ts';
import type { Job } from './bulk.ts';
import { keyOf, OBJECTS } from './objects.ts';
import { attributesOf, sameValue } from './plan.ts';
import type { WriteDeps } from './update.ts';
import { epochOf, vendorInstant } from './where.ts';
import { isObject } from './wire.ts';

interface Run {
  op: UpdateOp;
  current: ExternalRecord | undefined;
  row: JsonObject;
  job: Job | null;
  early: WriteOutcome | null;
}

export async function updateMeters(deps: WriteDeps, ops: readonly UpdateOp[]): Promise<WriteOutcome[]> {
  let meters: Map<string, ExternalRecord>;
  let assets: Map<string, ExternalRecord>;
  try {
    const records = await deps.reader.read('meter', [...new Set(ops.map((op) => op.externalId))]);
    meters = new Map(records.map((record) => [record.externalId, record]));
    assets = await deps.reader.addresses('asset', [...new Set(records.map(assetOf))]);
  } catch (error) {
    const failure = toFailure(error);
    if (!failure.retryable) throw failure;
    return ops.map(({ key }) => ({ key, outcome: 'retry', failure }));
  }
  const runs = ops.map((op) => prepare(op, meters.get(op.externalId), assets));
  const jobs = runs.flatMap(({ job }) => job ?? []);
  await runJobs(deps.client, deps.reader.objectOf('asset').os, jobs);
  const after = await readAgain(deps, jobs);
  return throwIfRefused(runs.map((run) => outcomeOfRun(run, after)));
}

function assetOf(meter: ExternalRecord): string {
  const key = keyOf(OBJECTS.meter, meter.externalId);
  return `${key?.siteid ?? ''}|${key?.assetnum ?? ''}`;
}

function prepare(
  op: UpdateOp,
  current: ExternalRecord | undefined,
  assets: ReadonlyMap<string, ExternalRecord>,
): Run {
  const { key } = op;
  const idle = { op, current, row: {}, job: null };
  const asset = current === undefined ? undefined : assets.get(assetOf(current));
  if (current === undefined || asset === undefined) return { ...idle, early: { key, outcome: 'missing' } };
  if (op.version !== null && op.version !== current.version) {
    return { ...idle, early: { key, outcome: 'stale', record: current } };
  }
  try {
    const row = meterRow(current.raw, op.payload);
    if (Object.keys(row).length === 0) {
      return { ...idle, early: { key, outcome: 'done', record: current, comments: [] } };
    }
    return { op, current, row, job: jobOf(op, current, asset, row), early: null };
  } catch (error) {
    return { ...idle, early: { key, outcome: 'rejected', failure: toFailure(error) } };
  }
}

function jobOf(op: UpdateOp, current: ExternalRecord, asset: ExternalRecord, row: JsonObject): Job {
  const { metername, linearassetmeterid } = current.raw;
  const merged: JsonObject = {
    metername: metername ?? null,
    // 0 for ordinary assets (contract 2.3).
    linearassetmeterid: linearassetmeterid ?? 0,
    ...row,
  };
  if (current.version !== null) merged._rowstamp = current.version;
  return {
    key: op.key,
    externalId: current.externalId,
    address: asset.address ?? '',
    // The mark of the child guards; the asset may move for other reasons.
    version: null,
    steps: [{ body: { assetmeter: [merged] }, step: { name: 'change', fields: Object.keys(op.payload) } }],
    done: [],
    takenBack: false,
    touched: false,
    stamp: null,
    stop: null,
  };
}

/** The attributes that differ, and the reading when it is newer than the last. */
function meterRow(raw: JsonObject, payload: JsonObject): JsonObject {
  const row: JsonObject = {};
  for (const [name, value] of Object.entries(attributesOf(payload))) {
    if (name !== 'newreading' && name !== 'newreadingdate' && !sameValue(value, raw[name])) row[name] = value;
  }
  const reading = readingOf(payload);
  if (reading === null) return row;
  const last = typeof raw.lastreadingdate === 'string' ? epochOf(raw.lastreadingdate) : Number.NaN;
  // Maximo keeps whole seconds.
  if (!Number.isNaN(last) && Math.floor(reading.at / 1_000) <= Math.floor(last / 1_000)) return row;
  return { ...row, newreading: reading.value, newreadingdate: vendorInstant(reading.at) };
}

function readingOf(payload: JsonObject): { value: string; at: number } | null {
  const given = isObject(payload.lastReading)
    ? payload.lastReading
    : { value: payload.newreading, at: payload.newreadingdate };
  const { value, at } = given;
  if (value === undefined || value === null) return null;
  const epoch = typeof at === 'string' ? epochOf(at) : Number.NaN;
  if ((typeof value !== 'string' && typeof value !== 'number') || Number.isNaN(epoch)) {
    throw new Failure('rejected', 'A reading needs a value and the instant "at"; correct its push rule.', {
      path: 'lastReading',
    });
  }
  return { value: String(value), at: epoch };
}

async function readAgain(
  deps: WriteDeps,
  jobs: readonly Job[],
): Promise<Map<string, ExternalRecord> | Failure> {
  const ids = jobs.filter((job) => job.touched || job.stop?.how === 'stale').map((job) => job.externalId);
  if (ids.length === 0) return new Map();
  try {
    const records = await deps.reader.read('meter', ids);
    return new Map(records.map((record) => [record.externalId, record]));
  } catch (error) {
    return toFailure(error);
  }
}

function outcomeOfRun(run: Run, after: Map<string, ExternalRecord> | Failure): WriteOutcome {
  const { op, job, early, row } = run;
  const { key } = op;
  if (early !== null || job === null) return early ?? { key, outcome: 'missing' };
  const { stop } = job;
  if (stop?.how === 'missing') return { key, outcome: 'missing' };
  if (stop !== null && stop.how !== 'stale') return { key, outcome: stop.how, failure: stop.failure };
  if (after instanceof Failure) return { key, outcome: job.touched ? 'unknown' : 'retry', failure: after };
  const record = after.get(job.externalId);
  if (record === undefined) return { key, outcome: 'missing' };
  if (stop !== null) return { key, outcome: 'stale', record };
  if (row.newreading === undefined || sameReading(row.newreading, record.raw.lastreading)) {
    return { key, outcome: 'done', record, comments: [] };
  }
  const failure = new Failure(
    'rejected',
    `Maximo accepted a reading of ${record.externalId} but did not store it; include newreading and newreadingdate in the object structure of assets.`,
    { path: 'lastReading', code: 'NOT_STORED' },
  );
  return { key, outcome: 'rejected', failure, record, comments: [] };
}

function sameReading(sent: unknown, stored: unknown): boolean {
  return String(sent) === String(stored) || Number(sent) === Number(stored);
}
