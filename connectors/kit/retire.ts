/** What all connectors that take records out of use have in common: refusing where there is no way, and telling what a write came to. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Manifest, RetireOutcome, WriteOutcome } from './contract.ts';

/** Throws `invalid_request` where the system has no way of its own to take records of an entity out of use. */
export function assertRetirable({ title, capabilities }: Manifest, entity: Entity): void {
  if (capabilities[entity].retire !== undefined) return;
  const noun = entity.replace('_', ' ');
  throw new Failure(
    'invalid_request',
    `${title} has no way of taking a ${noun} out of use; set the connection's policy for deleted records to ignore, or do it there.`,
  );
}

/**
 * An update that took a record out of use, or back, as what became of that. A system that took the call and yet shows the record
 * as it was ignored it, and that is no success.
 */
export function retiredBy(
  outcome: WriteOutcome,
  undo: JsonObject | null,
  isShown: (raw: JsonObject) => boolean = () => true,
): RetireOutcome {
  switch (outcome.outcome) {
    case 'done': {
      const { record } = outcome;
      return isShown(record.raw)
        ? { outcome: 'done', record, undo }
        : { outcome: 'rejected', failure: ignored() };
    }
    case 'missing':
      return { outcome: 'missing' };
    case 'stale': {
      const failure = new Failure('unavailable', 'The record moved meanwhile; it will be tried again later.');
      return { outcome: 'retry', failure, record: outcome.record };
    }
    default: {
      const { key: _key, ...rest } = outcome;
      return rest;
    }
  }
}

function ignored(): Failure {
  return new Failure(
    'rejected',
    'The system took the call and left the record as it was; take it out of use there, or back into it.',
    { code: 'ignored' },
  );
}
