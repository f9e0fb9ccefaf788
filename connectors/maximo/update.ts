/**
 * Updates: the records are read, compared with the version the decision was based on, moved through their steps and
 * read again, so that what is reported as done is what a pull would show.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type {
  CommentOutcome,
  ExternalRecord,
  NewComment,
  UpdateOp,
  WriteOutcome,
  WriteProgress,
  WriteStep,
} from '../kit/contract.ts';
import { isOlder, progressOf, runJobs, stopOfRequest, throwIfRefused } from './bulk.ts';
import type { Job, Stop } from './bulk.ts';
import { findComments, workerOf } from './children.ts';
import type { KeptLists } from '../kit/kept.ts';
import type { MaximoClient } from './client.ts';
import type { MaximoConfig } from './config.ts';
import type { Joins } from './joins.ts';
import { checkStored, itemsWithoutStore, stepsOf } from './plan.ts';
import type { PlanContext } from './plan.ts';
import type { Reader } from './read.ts';
import { rowsOf } from './record.ts';
import { chooseStores } from './stores.ts';
import { takeBack } from './take-back.ts';
import { domainOf } from './synonyms.ts';
import type { Domain } from './synonyms.ts';
import { textOf } from './wire.ts';

export interface WriteDeps {
  client: MaximoClient;
  config: MaximoConfig;
  reader: Reader;
  joins: Joins;
  synonyms(domainid: string): Promise<Domain>;
  lists: KeptLists;
}

/** What one record shall become; a created record that still needs steps is one too. */
export interface Change {
  key: string;
  current: ExternalRecord;
  /** What is still to be written. */
  payload: JsonObject;
  /** All that was asked for: what the record is checked against in the end. */
  asked: JsonObject;
  comments: readonly NewComment[];
  /** Comments that are there already (an earlier try of unknown outcome, the create itself): key to worklog id. */
  written: ReadonlyMap<string, string>;
  /** The record was created by this very call. */
  created: boolean;
}

interface Run {
  change: Change;
  job: Job;
}

export async function update(
  deps: WriteDeps,
  entity: Entity,
  ops: readonly UpdateOp[],
): Promise<WriteOutcome[]> {
  let found: Map<string, ExternalRecord>;
  try {
    const records = await deps.reader.read(entity, [...new Set(ops.map((op) => op.externalId))]);
    found = new Map(records.map((record) => [record.externalId, record]));
  } catch (error) {
    return refuseAll(ops, toFailure(error));
  }
  const early = new Map<string, WriteOutcome>();
  const changes: Change[] = [];
  for (const op of ops) {
    const current = found.get(op.externalId);
    if (current === undefined) early.set(op.key, { key: op.key, outcome: 'missing' });
    else if (op.version !== null && op.version !== current.version && !isCommentOnly(op)) {
      early.set(op.key, { key: op.key, outcome: 'stale', record: current });
    } else changes.push(changeOf(op, current));
  }
  const late = new Map((await applyChanges(deps, entity, changes)).map((outcome) => [outcome.key, outcome]));
  return throwIfRefused(ops.flatMap((op) => early.get(op.key) ?? late.get(op.key) ?? []));
}

/** Appending a comment decides nothing about the record's fields, so it need not wait for their newest version. */
function isCommentOnly(op: UpdateOp): boolean {
  return Object.keys(op.payload).length === 0;
}

function refuseAll(ops: readonly { key: string }[], failure: Failure): WriteOutcome[] {
  // Nothing was written: the read before the write failed.
  if (!failure.retryable) throw failure;
  return ops.map(({ key }) => ({ key, outcome: 'retry', failure }));
}

function changeOf(op: UpdateOp, current: ExternalRecord): Change {
  const maybe = op.comments.filter((comment) => comment.maybeSent);
  const written = findComments(current.raw, maybe, op.knownComments);
  return {
    key: op.key,
    current,
    payload: op.payload,
    asked: op.payload,
    comments: op.comments,
    written,
    created: false,
  };
}

/** Runs the steps of all changes and tells each outcome. */
export async function applyChanges(
  deps: WriteDeps,
  entity: Entity,
  changes: readonly Change[],
): Promise<WriteOutcome[]> {
  if (changes.length === 0) return [];
  const object = deps.reader.objectOf(entity);
  let context: PlanContext;
  try {
    context = await contextOf(deps, entity, changes);
  } catch (error) {
    const failure = toFailure(error);
    return changes.map((change) =>
      finish(change, stopOfRequest(failure, change.created), change.current, null),
    );
  }
  const runs = changes.map((change): Run => ({ change, job: jobOf(change, context) }));
  await runJobs(
    deps.client,
    object.os,
    runs.map(({ job }) => job),
  );
  await sendCommentsAlone(deps, object.os, runs);
  await takeBackRefused(deps, object.os, runs, context.domain);
  const after = await readBack(deps, entity, runs);
  return runs.map((run) => withProgress(run, outcomeOfRun(run, after, context)));
}

function outcomeOfRun(
  { change, job }: Run,
  after: Map<string, ExternalRecord> | Failure,
  context: PlanContext,
): WriteOutcome {
  if (!needsReading(job)) return finish(change, job.stop, change.current, context);
  if (after instanceof Failure) {
    // A record that was refused as moved is not written; anything else that was touched may be anywhere.
    const how = job.touched || change.created ? 'unknown' : 'retry';
    return finish(change, { how, failure: after }, null, context);
  }
  const record = after.get(job.externalId) ?? null;
  if (record !== null && isOlder(record.version, job.stamp)) {
    return finish(change, { how: 'unknown', failure: oldState(record) }, null, context);
  }
  return finish(change, record === null ? { how: 'missing' } : job.stop, record, context);
}

/** What is told of a write that did not get through: how far it came, and the record as far as it was read. */
function withProgress({ change, job }: Run, outcome: WriteOutcome): WriteOutcome {
  if (!('failure' in outcome)) return outcome;
  const sent = job.touched || job.stop !== null;
  const progress = progressOf(job, sent && job.steps.length > 0);
  if (progress === undefined) return outcome;
  const made: WriteStep = { name: 'create', fields: [] };
  return {
    ...outcome,
    progress: change.created
      ? { ...progress, stands: atLeast(progress.stands), done: [made, ...progress.done] }
      : progress,
  };
}

/** A record that was just made stands there, whatever became of its further steps. */
function atLeast(stands: WriteProgress['stands']): WriteProgress['stands'] {
  return stands === 'as_before' ? 'between' : stands;
}

/** What was refused half-way is led back to where it was, except on records that were only just made. */
async function takeBackRefused(
  deps: WriteDeps,
  os: string,
  runs: readonly Run[],
  domain: Domain,
): Promise<void> {
  const halfWay = runs
    .filter(({ change }) => !change.created)
    .map(({ change, job }) => ({ job, before: change.current, payload: change.payload }));
  await takeBack(deps.client, os, halfWay, domain);
}

/** Comments travel with the first step; when Maximo refused that for its fields, they are sent by themselves. */
async function sendCommentsAlone(deps: WriteDeps, os: string, runs: readonly Run[]): Promise<void> {
  const alone = runs.flatMap(({ change, job }) => {
    const { body = {}, step } = job.steps[0] ?? {};
    const { worklog } = body;
    const fields = Object.keys(body).length > 1;
    if (step === undefined || worklog === undefined || !fields || job.touched || job.stop?.how !== 'rejected')
      return [];
    return [
      {
        refused: job,
        job: {
          ...job,
          version: change.current.version,
          steps: [{ body: { worklog }, step }],
          done: [],
          stop: null,
        },
      },
    ];
  });
  await runJobs(
    deps.client,
    os,
    alone.map(({ job }) => job),
  );
  for (const { refused, job } of alone) {
    refused.touched = job.touched;
    refused.stamp = job.stamp;
  }
}

function oldState(record: ExternalRecord): Failure {
  return new Failure(
    'unavailable',
    `Maximo still shows ${record.number ?? record.externalId} as it was before the write; it will be read again.`,
    { applied: 'unknown' },
  );
}

/** The steps that an update would take, without taking them. */
export async function foresee(
  deps: WriteDeps,
  entity: Entity,
  current: ExternalRecord,
  payload: JsonObject,
): Promise<WriteStep[]> {
  const change = { current, payload };
  const context = await contextOf(deps, entity, [change]);
  return stepsOf(current, payload, [], context).map(({ step }) => step);
}

async function contextOf(
  deps: WriteDeps,
  entity: Entity,
  changes: readonly Pick<Change, 'current' | 'payload'>[],
): Promise<PlanContext> {
  const object = deps.reader.objectOf(entity);
  const asksStatus = changes.some(({ payload }) => 'status' in payload || 'woactivity' in payload);
  const domain =
    object.domain !== null && asksStatus
      ? await deps.synonyms(object.domain)
      : domainOf([], { site: deps.config.site });
  const items = changes.flatMap(({ current, payload }) =>
    'parts' in payload && Array.isArray(payload.parts) ? itemsWithoutStore(current.raw, payload) : [],
  );
  const stores = items.length > 0 ? await chooseStores(items, deps) : { storeOf: () => null };
  const workers = changes.flatMap(({ payload }) =>
    Array.isArray(payload.labour) ? rowsOf(payload.labour).map(workerOf) : [],
  );
  const codes = workers.length > 0 ? await deps.joins.labor.codes(workers) : new Map<string, string>();
  return {
    object,
    domain,
    rules: deps.config,
    stores,
    laborOf: (worker) => codes.get(worker) ?? worker,
  };
}

function jobOf(change: Change, context: PlanContext): Job {
  const { key, current, payload } = change;
  const job: Job = {
    key,
    externalId: current.externalId,
    address: current.address ?? '',
    version: current.version,
    steps: [],
    done: [],
    takenBack: false,
    touched: false,
    stamp: null,
    stop: null,
  };
  try {
    const comments = change.comments.filter((comment) => !change.written.has(comment.key));
    job.steps = stepsOf(current, payload, comments, context);
    if (job.address === '') throw new Failure('unexpected_response', 'Maximo gave no link to the record.');
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'bug') throw failure;
    job.stop = { how: 'rejected', failure };
  }
  return job;
}

function needsReading(job: Job): boolean {
  return job.touched || job.stop?.how === 'stale';
}

async function readBack(
  deps: WriteDeps,
  entity: Entity,
  runs: readonly Run[],
): Promise<Map<string, ExternalRecord> | Failure> {
  const ids = runs.filter(({ job }) => needsReading(job)).map(({ job }) => job.externalId);
  if (ids.length === 0) return new Map();
  try {
    const records = await deps.reader.read(entity, ids);
    return new Map(records.map((record) => [record.externalId, record]));
  } catch (error) {
    return toFailure(error);
  }
}

function finish(
  change: Change,
  stop: Stop | null,
  record: ExternalRecord | null,
  context: PlanContext | null,
): WriteOutcome {
  const { key } = change;
  const failure = stop !== null && 'failure' in stop ? stop.failure : null;
  if (stop?.how === 'missing') {
    if (!change.created) return { key, outcome: 'missing' };
    const gone = new Failure('unavailable', 'The record that was just created cannot be read yet.', {
      applied: 'unknown',
    });
    return { key, outcome: 'unknown', failure: gone };
  }
  if (failure !== null && (stop?.how === 'unknown' || stop?.how === 'retry' || record === null)) {
    // A created record exists whatever became of its further steps: it must be looked for, not made again.
    const outcome = change.created || stop?.how === 'unknown' ? 'unknown' : 'retry';
    return { key, outcome, failure, ...(record === null ? {} : { record }) };
  }
  if (record === null) throw new Failure('bug', 'A write ended without a record and without a failure.');
  if (stop?.how === 'stale') {
    return change.created && failure !== null
      ? { key, outcome: 'unknown', failure, record }
      : { key, outcome: 'stale', record };
  }
  const refused = failure ?? problemOf(change, record, context);
  const comments = commentOutcomes(change, record, failure !== null);
  if (refused === null) return { key, outcome: 'done', record, comments };
  return { key, outcome: 'rejected', failure: refused, record, comments };
}

function problemOf(change: Change, record: ExternalRecord, context: PlanContext | null): Failure | null {
  if (context === null) return null;
  try {
    checkStored(change.created ? {} : change.current.raw, record, change.asked, context);
    return null;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'bug') throw failure;
    return failure;
  }
}

function commentOutcomes(change: Change, record: ExternalRecord, refused: boolean): CommentOutcome[] {
  const before = change.created ? [] : rowsOf(change.current.raw.worklog).map((row) => textOf(row.worklogid));
  const fresh = change.comments.filter((comment) => !change.written.has(comment.key));
  const added = findComments(record.raw, fresh, before);
  return change.comments.map(({ key }) => {
    const externalId = change.written.get(key) ?? added.get(key) ?? null;
    if (externalId !== null) return { key, outcome: 'done', externalId };
    // Sent without an error and not to be seen: whoever tries again must look first.
    return { key, outcome: refused ? 'rejected' : 'unknown', externalId: null };
  });
}
