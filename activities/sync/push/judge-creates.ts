/**
 * When a push may make new records at a system. Not before the entity was read to its end there, because until then the
 * counterpart may be unseen; and not far more than its first reading announced, because a system whose ids changed, or a match
 * rule that finds nothing any more, would double every record everywhere. Then a person is asked.
 */
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { entitySync } from '../../../domain/sync-settings.ts';
import type { StoppedCreates } from '../../../store/exceptions/stopped-creates.ts';
import type { Tx } from '../../../store/index.ts';
import { parseCursor } from '../cursor.ts';
import { capabilitiesOf } from '../direction.ts';
import type { EntityWork } from '../entity-work.ts';
import type { CreateRight } from './facts.ts';

export interface CreateFacts {
  /** Creates that no first reading announced, and the records held there. */
  due: number;
  total: number;
  /** What was stopped before. */
  stopped: StoppedCreates | null;
}

export type CreateVerdict =
  /** As before, or nothing is stopped any more. */
  | { right: 'now'; over: boolean }
  /** Too many: a person is asked. */
  | { right: 'stopped' };

/** Of an entity that was read to its end. */
export function decideCreates({ due, total, stopped }: CreateFacts): CreateVerdict {
  if (due <= createsAllowed(total)) return { right: 'now', over: stopped !== null };
  const allowed = stopped?.why === 'too_many' ? (stopped.allowed ?? 0) : 0;
  return due <= allowed ? { right: 'now', over: false } : { right: 'stopped' };
}

/** How many records one pass may make unasked where `total` are held already. */
export function createsAllowed(total: number): number {
  return Math.max(LIMITS.createBreakerFloor, Math.floor(total * LIMITS.createBreakerShare));
}

export async function judgeCreates(work: EntityWork, tx: Tx): Promise<CreateRight> {
  const { deps, scope, connection } = work;
  const sync = entitySync(connection.config, scope.entity);
  const capability = capabilitiesOf(deps, connection)[scope.entity];
  if (!sync.create || !capability.create) return 'never';
  const cursor = await deps.repo.cursors.load(tx, scope.connectionId, scope.entity, 'pull');
  const { complete } = parseCursor(cursor);
  if (!complete) return sync.pull && capability.pull !== 'none' ? 'later' : 'never';
  const { creates } = deps.repo;
  const due = await creates.due(tx, scope, LIMITS.createBreakerFloor);
  const total = due === 0 ? 0 : await creates.held(tx, scope);
  const stopped = await creates.load(tx, scope);
  const verdict = decideCreates({ due, total, stopped });
  if (verdict.right === 'now') {
    if (verdict.over) await creates.end(tx, scope);
    return 'now';
  }
  const at = new Date(deps.now()).toISOString();
  // What is said already keeps its word, so that an answer to it is not lost.
  if (stopped?.why !== 'too_many' || stopped.allowed !== null || stopped.due !== due)
    await creates.stop(tx, { ...scope, at }, { why: 'too_many', due, total, message: null });
  return 'later';
}
