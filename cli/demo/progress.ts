/** The first sync, live: one line a second for each connection, from the counters that commit with their pages. */
import { repositories } from '../../store/index.ts';
import type { Counts } from '../../store/runs/runs.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { connectionWorkflowId, progressQuery, type Progress } from '../../workflows/sync/messages.ts';
import type { Program } from '../wiring.ts';

const EVERY_MS = 500;
/** Looks in a row that find a connection waiting for the same before it is told: between two steps every one waits for a moment. */
const LOOKS_UNTIL_TOLD = 4;

export interface WatchOptions {
  program: Program;
  connections: readonly ConnectionRow[];
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Resolves when every connection is idle, has finished a run, and has nothing left to push. */
export async function watchUntilQuiet(options: WatchOptions): Promise<void> {
  const before = new Map<string, { records: number; at: number }>();
  const told = new Map<string, string>();
  const waits = new Map<string, { wait: string | null; looks: number }>();
  for (let quiet = 0; quiet < 3;) {
    options.signal.throwIfAborted();
    let still = true;
    for (const connection of options.connections) {
      const progress = await readProgress(options.program, connection);
      const { totals, due } = await options.program.store.inTenant(connection.tenantId, async (tx) => ({
        totals: await repositories.runs.totalCounts(tx, connection.id),
        due: await repositories.pushes.countDue(tx, connection.id),
      }));
      const wait = waitOf(progress, due);
      const last = waits.get(connection.id);
      const looks = last?.wait === wait ? last.looks + 1 : 1;
      waits.set(connection.id, { wait, looks });
      const line =
        describe(connection.name, progress, totals, before) ??
        (looks < LOOKS_UNTIL_TOLD ? null : waitLine(connection.name, wait));
      if (line !== null && told.get(connection.id) !== line.key) {
        told.set(connection.id, line.key);
        options.say(line.text);
      }
      still &&= wait === null;
    }
    quiet = still ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** A worker that is just starting answers no query yet: then nothing is known, which is not an error. */
async function readProgress(program: Program, connection: ConnectionRow): Promise<Progress | null> {
  try {
    return await program.temporal.workflow
      .getHandle(connectionWorkflowId(connection.id))
      .query(progressQuery);
  } catch {
    return null;
  }
}

/** Why a connection that moves no records is not done; null when it is. */
export function waitOf(progress: Progress | null, due: number): string | null {
  if (progress === null) return 'its workflow to answer';
  if (progress.state === 'running')
    return progress.step === 'files' ? 'its files to be carried over' : 'its next step to begin';
  if (progress.lastRun === null) return 'its first run to begin';
  if (due === 0) return null;
  const until = progress.waits === null ? '' : ` at ${progress.waits.until.slice(11, 19)} UTC`;
  return `${String(due)} ${due === 1 ? 'write' : 'writes'} to be tried${until}`;
}

function waitLine(name: string, wait: string | null): { key: string; text: string } | null {
  return wait === null ? null : { key: `${name}/${wait}`, text: `  ${name.padEnd(13)}  waits for ${wait}` };
}

function describe(
  name: string,
  progress: Progress | null,
  totals: Record<string, Counts>,
  before: Map<string, { records: number; at: number }>,
): { key: string; text: string } | null {
  if (progress?.entity == null || progress.step === null) return null;
  const counts = totals[progress.entity] ?? {};
  const read = counts['in'] ?? 0;
  const sent = (counts['pushed_created'] ?? 0) + (counts['pushed_updated'] ?? 0);
  const records = progress.step === 'pull' ? read : sent;
  const id = `${name}/${progress.entity}/${progress.step}`;
  const now = performance.now();
  const last = before.get(id) ?? { records, at: now };
  before.set(id, { records, at: now });
  const rate = now > last.at ? Math.round(((records - last.records) * 1000) / (now - last.at)) : 0;
  const parts = [
    `${progress.step === 'pull' ? 'from' : 'to'} ${name}`.padEnd(13),
    progress.entity.padEnd(11),
    `${String(records).padStart(6)} records`,
    `${String(rate).padStart(6)}/s`,
    `conflicts ${String(counts['conflicts'] ?? 0)}`,
    `quarantined ${String((counts['quarantined'] ?? 0) + (counts['push_quarantined'] ?? 0))}`,
  ];
  return { key: `${id}/${String(records)}`, text: `  ${parts.join('  ')}` };
}
