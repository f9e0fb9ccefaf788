/**
 * Whether one system and the hub are in step, proven: the system is read again from its first record to its last until
 * that moves nothing, and then every value is compared. What still moves is given time; what never rests is said.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { readConnection, type ConnectionDeps } from '../connections/connections.ts';
import { isOver, startRun, watchRun } from '../runs/runs.ts';
import { crossCheck, VERDICTS, type CrossCheck, type Difference, type Verdict } from './cross-check.ts';

export interface Verification {
  connection: string;
  inStep: boolean;
  /** Full readings until one moved nothing; 0 when none was asked for, null when the last one still moved something. */
  passes: number | null;
  /** What the last reading read, and what it moved in the hub and there. */
  read: number;
  moved: number;
  values: Record<Verdict, number>;
  missing: number;
  waiting: number;
  rows: CrossCheck[];
  /** The first of them. */
  differences: Difference[];
}

const PASSES_MAX = 5;
/** Counters that say that something moved on either side. */
export const MOVING = [
  'created',
  'linked',
  'updated',
  'conflicts',
  'pushed_created',
  'pushed_updated',
  'removed',
] as const;

export interface VerifyRequest {
  connectionId: string;
  /** False compares with what was last read there. */
  read: boolean;
  /** For one reading. */
  withinMs: number;
  signal: AbortSignal;
}

export async function verifyConnection(deps: ConnectionDeps, request: VerifyRequest): Promise<Verification> {
  const connection = await readConnection(deps, request.connectionId);
  let last = { read: 0, moved: 0 };
  let passes: number | null = request.read ? null : 0;
  for (let n = 1; n <= PASSES_MAX && passes === null; n += 1) {
    last = await readAll(deps, connection.name, request);
    if (last.moved === 0) passes = n;
  }
  const { rows, differences } = await crossCheck(deps, [connection]);
  const values = sumOf(rows);
  const missing = rows.reduce((sum, row) => sum + row.missing, 0);
  return {
    connection: connection.name,
    inStep: passes !== null && values.different === 0 && missing === 0,
    passes,
    ...last,
    values,
    missing,
    waiting: rows.reduce((sum, row) => sum + row.waiting, 0),
    rows,
    differences,
  };
}

export function sumOf(rows: readonly CrossCheck[]): Record<Verdict, number> {
  return Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, rows.reduce((sum, { values }) => sum + values[verdict], 0)]),
  ) as Record<Verdict, number>;
}

async function readAll(
  deps: ConnectionDeps,
  name: string,
  { connectionId, withinMs, signal }: VerifyRequest,
): Promise<{ read: number; moved: number }> {
  let run = await startRun(deps, connectionId, 'full');
  for await (const seen of watchRun(deps, run.id, { forMs: withinMs, signal })) run = seen;
  signal.throwIfAborted();
  if (!isOver(run)) {
    throw new Failure(
      'unavailable',
      `${name} is still being read after ${String(withinMs / 60_000)} minutes; look at it with \`chatterfix-sync progress ${name}\` and verify later.`,
    );
  }
  if (run.state !== 'completed') {
    throw new Failure(
      'unavailable',
      `${name} could not be read to its end (run ${run.id} ${run.state}); look at \`chatterfix-sync runs ${name}\`, put that right and verify again.`,
    );
  }
  return movedBy(run.counts);
}

export function movedBy(counts: Readonly<Record<string, Readonly<Record<string, number>>>>): {
  read: number;
  moved: number;
} {
  let [read, moved] = [0, 0];
  for (const counters of Object.values(counts)) {
    read += counters['in'] ?? 0;
    for (const name of MOVING) moved += counters[name] ?? 0;
  }
  return { read, moved };
}
