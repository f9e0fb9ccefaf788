/** The first sync, live: one line a second for each connection, from the counters that commit with their pages. */
import { repositories } from '../../store/index.ts';
import type { Counts } from '../../store/runs/runs.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import { connectionWorkflowId, progressQuery, type Progress } from '../../workflows/sync/messages.ts';
import type { Program } from '../wiring.ts';

const EVERY_MS = 500;

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
  for (let quiet = 0; quiet < 3;) {
    options.signal.throwIfAborted();
    let still = true;
    for (const connection of options.connections) {
      const progress = await readProgress(options.program, connection);
      const { totals, due } = await options.program.store.inTenant(connection.tenantId, async (tx) => ({
        totals: await repositories.runs.totalCounts(tx, connection.id),
        due: await repositories.pushes.countDue(tx, connection.id),
      }));
      const line = describe(connection.name, progress, totals, before);
      if (line !== null && told.get(connection.id) !== line.key) {
        told.set(connection.id, line.key);
        options.say(line.text);
      }
      const idle = progress !== null && progress.state !== 'running' && progress.lastRun !== null;
      still &&= idle && due === 0;
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
