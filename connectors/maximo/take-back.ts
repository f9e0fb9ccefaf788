/**
 * The way back of orders whose status path was refused half-way (contract 4.7): they are led to the status they had, all of a
 * batch side by side. Where Maximo has no way back, or refuses it, the failure says where the order stands.
 */
import type { JsonObject } from '../../domain/json.ts';
import { saying } from '../kit/failures.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import { runJobs } from './bulk.ts';
import type { Job } from './bulk.ts';
import type { MaximoClient } from './client.ts';
import { isMove, moveStep } from './plan.ts';
import type { PlannedStep } from './plan.ts';
import { wayBack } from './status-path.ts';
import type { Domain } from './synonyms.ts';
import { textOf } from './wire.ts';

export interface HalfWay {
  job: Job;
  /** The record before the write. */
  before: ExternalRecord;
  payload: JsonObject;
}

export async function takeBack(
  client: MaximoClient,
  os: string,
  orders: readonly HalfWay[],
  domain: Domain,
): Promise<void> {
  const tried = orders.flatMap((order) => {
    const { job } = order;
    const stands = standsAt(job);
    if (job.stop?.how !== 'rejected' || stands === null) return [];
    const steps = stepsBack(order, stands, domain);
    if (steps.length === 0) {
      job.stop = { how: 'rejected', failure: saying(job.stop.failure, noWay(order, stands)) };
      return [];
    }
    const back: Job = { ...job, version: job.stamp, steps, done: [], takenBack: false, stop: null };
    return [{ ...order, stands, back }];
  });
  await runJobs(
    client,
    os,
    tried.map(({ back }) => back),
  );
  for (const { job, back, stands, ...order } of tried) {
    job.stamp = back.stamp;
    const arrived = back.steps
      .filter(({ step }) => isMove(step))
      .every(({ step }) => back.done.includes(step));
    if (arrived) job.takenBack = true;
    else if (job.stop?.how === 'rejected') {
      const at = standsAt(back) ?? stands;
      const why = back.stop !== null && 'failure' in back.stop ? ` (${back.stop.failure.message})` : '';
      job.stop = { how: 'rejected', failure: saying(job.stop.failure, noWay({ job, ...order }, at) + why) };
    }
  }
}

/** The status that the last move led to; null when none was made. */
function standsAt({ done }: Job): string | null {
  const last = done.findLast(isMove)?.shows?.status_maxvalue;
  return typeof last === 'string' ? last : null;
}

function stepsBack({ job, before, payload }: HalfWay, stands: string, domain: Domain): PlannedStep[] {
  const word = textOf(before.raw.status);
  const origin = textOf(before.raw.status_maxvalue) || domain.internal(word);
  const way = wayBack(stands, origin);
  if (way === null) return [];
  const moves = way.map((move, index) =>
    index === way.length - 1 ? moveStep(move, word) : moveStep(move, domain.external(move)),
  );
  // Maximo dates the start when work begins; nobody began it.
  const dated = job.done.some(({ shows }) => shows?.status_maxvalue === 'INPRG') && !('actstart' in payload);
  if (!dated || before.raw.actstart !== undefined) return moves;
  return [...moves, { body: { actstart: null }, step: { name: 'actual start', fields: ['actstart'] } }];
}

function noWay({ before }: HalfWay, stands: string): string {
  const from = textOf(before.raw.status_maxvalue) || textOf(before.raw.status);
  return `it stands at ${stands} now, and could not be led back to ${from}`;
}
