/** Calls of their own that carry single fields, such as a change of status: one behind the other, and how far they got. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, WriteOutcome, WriteProgress, WriteStep } from '../kit/contract.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { shows } from './body.ts';
import type { SplitPayload } from './body.ts';
import type { Client } from './client.ts';
import type { ActionDefinition } from './definition.ts';
import { layInto } from './place.ts';
import type { Reader } from './read.ts';
import { addressOf } from './record.ts';

type Carried = SplitPayload['actions'][number];

export interface Way {
  id: string;
  split: SplitPayload;
  /** Steps behind this one; grows as they are made. */
  done: WriteStep[];
  /** What is to come behind these actions. */
  remaining?: readonly WriteStep[];
}

export function createActions(client: Client, reader: Reader) {
  /** Null when every call was carried out, else what became of the write. */
  async function carryOut(entity: Entity, key: string, way: Way): Promise<WriteOutcome | null> {
    for (const [index, carried] of way.split.actions.entries()) {
      try {
        await client.send(requestOf(carried, way.id));
      } catch (error) {
        const failure = toFailure(error);
        if (failure.kind === 'bug') throw failure;
        const now = await reader.readOne(entity, way.id).catch(() => null);
        // The answer was lost, the call was not.
        const landed = failure.applied === 'unknown' && now !== null && shows(now.raw, carried.fields);
        if (!landed) {
          const remaining = [...way.split.actions.slice(index).map(step), ...(way.remaining ?? [])];
          return stoppedAt(withRecord(outcomeOf(key, failure), now), { done: way.done, remaining });
        }
      }
      way.done.push(step(carried));
    }
    return null;
  }

  return { carryOut, stoppedAt, step };
}

function withRecord(outcome: WriteOutcome, now: ExternalRecord | null): WriteOutcome {
  if (now === null || !('failure' in outcome)) return outcome;
  return { ...outcome, record: now };
}

function step({ action, fields }: Carried): WriteStep {
  return stepOf(action.method, action.path, fields);
}

export function stepOf(method: string, path: string, fields: JsonObject): WriteStep {
  return { name: `${method} ${path}`, fields: Object.keys(fields) };
}

/** An outcome that ends a write of several calls, with how far it got. */
function stoppedAt(
  outcome: WriteOutcome,
  { done, remaining }: { done: readonly WriteStep[]; remaining: readonly WriteStep[] },
): WriteOutcome {
  switch (outcome.outcome) {
    case 'rejected':
    case 'retry':
      return {
        ...outcome,
        progress: { stands: done.length === 0 ? 'as_before' : 'between', done, remaining },
      };
    case 'unknown': {
      const progress: WriteProgress = { stands: 'unknown', done, remaining };
      return { ...outcome, progress };
    }
    default:
      return outcome;
  }
}

function requestOf({ action, fields }: Carried, id: string): HttpRequest {
  const body = bodyOf(action, fields);
  return {
    method: action.method,
    path: addressOf(action.path, id, fields),
    ...(body === null ? {} : { body: action.envelope === undefined ? body : { [action.envelope]: body } }),
    repeatable: false,
  };
}

function bodyOf({ adds = {}, sends }: ActionDefinition, fields: JsonObject): JsonObject | null {
  const added = adds as JsonObject;
  if (sends === 'fields') return layInto(added, fields);
  return Object.keys(added).length === 0 ? null : added;
}
