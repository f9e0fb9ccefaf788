/**
 * Statuses of a tenant (contract 3.4, 6.2): records with a group, a system code unless a plant added them, and a name
 * anybody may edit. Which status is written for a wanted code, and by which way. Pure.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { idOf, intOf, textOf } from './wire.ts';

export interface Status {
  id: number;
  name: string;
  group: number | null;
  sysCode: number | null;
}

export const GROUPS = { pending: 100, active: 101, closed: 102, draft: 103 } as const;
export const SYS = {
  requested: 2,
  assigned: 3,
  open: 4,
  inProgress: 5,
  onHold: 6,
  closedCompleted: 7,
  draft: 8,
  closedIncomplete: 9,
} as const;

/** Codes to try in order, then any status of the group (contract 6.2). */
const WAYS: Readonly<Record<number, { codes: readonly number[]; group: number }>> = {
  [SYS.requested]: { codes: [2], group: GROUPS.pending },
  [SYS.assigned]: { codes: [3, 4], group: GROUPS.active },
  [SYS.open]: { codes: [4, 3], group: GROUPS.active },
  [SYS.inProgress]: { codes: [5, 4], group: GROUPS.active },
  [SYS.onHold]: { codes: [6], group: GROUPS.active },
  [SYS.closedCompleted]: { codes: [7], group: GROUPS.closed },
  [SYS.draft]: { codes: [8], group: GROUPS.draft },
  [SYS.closedIncomplete]: { codes: [9, 7], group: GROUPS.closed },
};
/** Codes that mean the same to the hub; a custom status means what its group means. */
const MEANING: Readonly<Record<number, string>> = {
  2: 'requested',
  8: 'requested',
  3: 'scheduled',
  4: 'scheduled',
  5: 'in progress',
  6: 'on hold',
  7: 'completed',
  9: 'cancelled',
};
const MEANING_OF_GROUP: Readonly<Record<number, string>> = {
  [GROUPS.pending]: 'requested',
  [GROUPS.draft]: 'requested',
  [GROUPS.active]: 'scheduled',
  [GROUPS.closed]: 'completed',
};

export type Statuses = ReturnType<typeof createStatuses>;

export function createStatuses(rows: readonly JsonObject[]) {
  const statuses = rows
    .map((row): Status => ({
      id: idOf(row),
      name: textOf(row['strName']),
      group: intOf(row['intControlID']),
      sysCode: intOf(row['intSysCode']),
    }))
    .sort((a, b) => a.id - b.id);
  const byId = new Map(statuses.map((status) => [status.id, status]));

  function withCode(code: number): Status {
    const way = WAYS[code];
    for (const candidate of way?.codes ?? []) {
      const found = statuses.find(({ sysCode }) => sysCode === candidate);
      if (found) return found;
    }
    const found = statuses.find(({ group }) => group === way?.group);
    if (found) return found;
    throw new Failure(
      'rejected',
      `Fiix has no work order status with the system code ${code} and none of its group; add one there.`,
      { path: '_status' },
    );
  }

  return {
    get: (id: number | null): Status | null => (id === null ? null : (byId.get(id) ?? null)),
    withCode,

    /**
     * The statuses to write one after the other to reach a code; empty when the order already means it, so that a
     * plant's own statuses are spared (contract 6.2). What waits or is a draft is approved before it is completed: whether
     * Fiix takes the jump is unknown, and its history should show the approval (3.4).
     */
    pathTo(code: number, current: Status | null): Status[] {
      const target = withCode(code);
      if (current === null) return [target];
      if (current.id === target.id || meaningOf(current) === MEANING[code]) return [];
      const waiting = current.group === GROUPS.pending || current.group === GROUPS.draft;
      const approved = statuses.find(({ group }) => group === GROUPS.active);
      const between = waiting && meaningOf(target) === 'completed' && approved ? [withCode(SYS.open)] : [];
      return [...between, target];
    },
  };
}

export function meaningOf({ sysCode, group }: Status): string | null {
  return MEANING[sysCode ?? 0] ?? MEANING_OF_GROUP[group ?? 0] ?? null;
}

export function isClosed(status: Status | null): boolean {
  return status?.group === GROUPS.closed || status?.sysCode === 7 || status?.sysCode === 9;
}
