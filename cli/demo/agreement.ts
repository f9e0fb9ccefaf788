/**
 * The proof at the end of the demo: every system is read again from its first record to its last, which may change nothing
 * on either side, and then every value is compared. What still moves is given time; what never comes to rest is said.
 */
import { repositories } from '../../store/index.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import { connectionWorkflowId, syncNowUpdate } from '../../workflows/sync/messages.ts';
import type { Program } from '../wiring.ts';
import {
  crossCheck,
  VERDICTS,
  type CrossCheck,
  type Difference,
  type Verdict,
} from '../../plant/verification/cross-check.ts';
import { movedBy, sumOf } from '../../plant/verification/verify.ts';
import { createManualSteps } from '../../activities/sync/manual-steps.ts';
import { watchUntilQuiet } from './progress.ts';
import type { Site } from './sites.ts';

export interface Agreement {
  agreed: boolean;
  /** Full passes until one moved nothing; null when the last one still did. */
  passes: number | null;
  /** What the last full pass read, and what it moved: counters of the hub, writes that arrived at the systems. */
  read: number;
  moved: number;
  vendorWrites: number;
  values: Record<Verdict, number>;
  missing: number;
  waiting: number;
  rows: CrossCheck[];
  differences: Difference[];
}

export interface AgreementOptions {
  program: Program;
  sites: readonly Site[];
  say: (line: string) => void;
  signal: AbortSignal;
}

const PASSES_MAX = 3;
const PASS_WITHIN_MS = 300_000;

export async function proveAgreement(options: AgreementOptions): Promise<Agreement> {
  const { program, sites, say, signal } = options;
  const connections = sites.map(({ connection }) => connection);
  let pass = { read: 0, moved: 0, vendorWrites: 0 };
  let passes: number | null = null;
  for (let n = 1; n <= PASSES_MAX && passes === null; n += 1) {
    pass = await readEverything(options);
    if (pass.moved === 0 && pass.vendorWrites === 0) passes = n;
    else await watchUntilQuiet({ program, connections, say: () => undefined, signal });
  }
  const { rows, differences } = await crossCheck(
    { store: program.store, steps: createManualSteps(program.sync) },
    connections,
  );
  const values = sumOf(rows);
  const missing = rows.reduce((sum, row) => sum + row.missing, 0);
  const agreed = passes !== null && values.different === 0 && missing === 0;
  if (!agreed) for (const difference of differences) say(`  ${told(difference)}`);
  return {
    agreed,
    passes,
    ...pass,
    values,
    missing,
    waiting: rows.reduce((sum, row) => sum + row.waiting, 0),
    rows,
    differences,
  };
}

/** A full pass of every connection at once, and what it moved. */
async function readEverything({
  program,
  sites,
  signal,
}: AgreementOptions): Promise<Pick<Agreement, 'read' | 'moved' | 'vendorWrites'>> {
  const before = await vendorWrites(sites);
  const runs = await Promise.all(
    sites.map(async ({ connection }) => {
      const workflow = program.temporal.workflow.getHandle(connectionWorkflowId(connection.id));
      const { runId } = await workflow.executeUpdate(syncNowUpdate, { args: [{ mode: 'full' }] });
      return { connection, runId };
    }),
  );
  let read = 0;
  let moved = 0;
  for (const { connection, runId } of runs) {
    const counts = await finished(program, connection, runId, signal);
    const pass = movedBy(counts);
    read += pass.read;
    moved += pass.moved;
  }
  return { read, moved, vendorWrites: (await vendorWrites(sites)) - before };
}

async function finished(
  program: Program,
  connection: ConnectionRow,
  runId: string,
  signal: AbortSignal,
): Promise<Record<string, Record<string, number>>> {
  const deadline = performance.now() + PASS_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const run = await program.store.inTenant(connection.tenantId, (tx) => repositories.runs.load(tx, runId));
    if (run !== null && run.state === 'completed') return run.counts;
    if (run !== null && run.state !== 'running') {
      const why = run.failure === null ? run.state : JSON.stringify(run.failure);
      throw new Failure('unavailable', `The full pass of ${connection.name} did not end well: ${why}.`);
    }
    if (performance.now() > deadline)
      throw new Failure(
        'unavailable',
        `The full pass of ${connection.name} took more than ${String(PASS_WITHIN_MS / 1000)} s.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Writes through the vendors' APIs since the sandboxes started, as they counted them. */
async function vendorWrites(sites: readonly Site[]): Promise<number> {
  const counts = await Promise.all(
    sites.map(async ({ sandbox }) => {
      const response = await fetch(`${sandbox.controlUrl}/stats`, { signal: AbortSignal.timeout(10_000) });
      const stats = (await response.json()) as { writes: Record<string, Record<string, number>> };
      return Object.values(stats.writes).flatMap((byObject) => Object.values(byObject));
    }),
  );
  return counts.flat().reduce((sum, n) => sum + n, 0);
}

export function told({ connection, number, field, hub, shown }: Difference): string {
  const value = cutText(JSON.stringify(hub), 80);
  return field === null
    ? `${connection} lacks ${number} (${value})`
    : `${connection} has ${cutText(JSON.stringify(shown), 80)} as ${field} of ${number}, the hub ${value}`;
}

export function formatAgreement(agreement: Agreement): string[] {
  const { values, waiting, missing, passes, read, moved, vendorWrites } = agreement;
  const n = (count: number): string => count.toLocaleString('en-US');
  const linked = agreement.rows.reduce((sum, row) => sum + row.linked, 0);
  const compared = VERDICTS.reduce((sum, verdict) => sum + values[verdict], 0);
  return [
    `${agreement.agreed ? 'All systems agree' : 'The systems do NOT agree'}: ${n(compared)} values of ${n(linked)} records compared, ${n(values.different)} differ, ${n(missing)} records are missing.`,
    `  ${n(values.equal)} equal, ${n(values.coarser)} as fine as the system can store, ${n(values.itsOwn)} kept there in its own way,`,
    `  ${n(values.barred)} cannot be changed there, ${n(values.waiting)} values and ${n(waiting)} records wait for a person or for what they belong to.`,
    passes === null
      ? `  The last full pass read ${n(read)} records and still moved ${n(moved)} here and wrote ${n(vendorWrites)} there.`
      : `  A full pass over everything then read ${n(read)} records and wrote nothing, here or there.`,
  ];
}
