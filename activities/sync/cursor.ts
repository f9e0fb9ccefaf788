/** How far the reading of an entity got: the vendor's own cursor, and whether its end was ever reached. */
import type { Entity } from '../../domain/entities/index.ts';
import type { SyncDeps } from './context.ts';

export interface PullCursor {
  /** Whether the entity was ever read to its end: before that nothing is created at the vendor. */
  complete: boolean;
  value: string | null;
}

export function parseCursor(text: string | null): PullCursor {
  return text === null ? { complete: false, value: null } : (JSON.parse(text) as PullCursor);
}

export function formatCursor(cursor: PullCursor): string {
  return JSON.stringify(cursor);
}

/** Whether the entity was read to its end at least once. */
export async function pulledToTheEnd(
  deps: Pick<SyncDeps, 'store' | 'repo'>,
  scope: { tenantId: string; connectionId: string; entity: Entity },
): Promise<boolean> {
  const text = await deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.cursors.load(tx, scope.connectionId, scope.entity, 'pull'),
  );
  return parseCursor(text).complete;
}
