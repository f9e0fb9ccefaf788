/** What moved: one row per connection and entity, from the counters of all runs; and whether it all agrees now. */
import { ENTITIES } from '../../domain/entities/index.ts';
import { repositories } from '../../store/index.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { Program } from '../wiring.ts';
import { formatAgreement, type Agreement } from './agreement.ts';
import type { CrossCheck } from '../../plant/verification/cross-check.ts';
import type { RoundTrip } from './round-trip.ts';

export interface SummaryRow {
  connection: string;
  entity: string;
  read: number;
  created: number;
  linked: number;
  pushedCreated: number;
  pushedUpdated: number;
  conflicts: number;
  quarantined: number;
  waiting: number;
  /** Hub changes that the system cannot take: it has no call for them, or the record is closed there for good. */
  notWritable: number;
  /** Of the hub's records that the system can hold, those that stand there: `1366/1366`. */
  inStep: string;
}

export interface Summary {
  seconds: number;
  /** Until the first sync had come to rest. */
  inStepSeconds: number;
  rows: SummaryRow[];
  /** Open things that wait for a person. */
  open: Record<string, number>;
  roundTrip: RoundTrip;
  agreement: Agreement;
}

export async function summarise(
  program: Program,
  connections: readonly ConnectionRow[],
  checks: readonly CrossCheck[],
): Promise<Pick<Summary, 'rows' | 'open'>> {
  const rows: SummaryRow[] = [];
  let open: Record<string, number> = {};
  for (const connection of connections) {
    const { totals, waiting } = await program.store.inTenant(connection.tenantId, async (tx) => ({
      totals: await repositories.runs.totalCounts(tx, connection.id),
      waiting: await repositories.exceptions.countOpen(tx),
    }));
    open = waiting;
    for (const entity of ENTITIES) {
      const counts = totals[entity];
      if (counts === undefined) continue;
      const n = (name: string): number => counts[name] ?? 0;
      const check = checks.find((row) => row.connection === connection.name && row.entity === entity);
      rows.push({
        connection: connection.name,
        entity,
        read: n('in'),
        created: n('created'),
        linked: n('linked'),
        pushedCreated: n('pushed_created'),
        pushedUpdated: n('pushed_updated'),
        conflicts: n('conflicts') + n('answer_conflicts'),
        quarantined: n('quarantined') + n('push_quarantined'),
        waiting: n('review') + n('parked'),
        notWritable: n('not_writable') + n('read_only'),
        inStep: check === undefined ? '' : `${String(check.linked)}/${String(check.records)}`,
      });
    }
  }
  return { rows, open };
}

const COLUMNS: readonly [string, keyof SummaryRow][] = [
  ['system', 'connection'],
  ['entity', 'entity'],
  ['read', 'read'],
  ['new in hub', 'created'],
  ['linked', 'linked'],
  ['created there', 'pushedCreated'],
  ['updated there', 'pushedUpdated'],
  ['conflicts', 'conflicts'],
  ['quarantined', 'quarantined'],
  ['waiting', 'waiting'],
  ['not writable', 'notWritable'],
  ['in step', 'inStep'],
];

export function formatSummary(summary: Summary): string[] {
  const cells = [
    COLUMNS.map(([title]) => title),
    ...summary.rows.map((row) => COLUMNS.map(([, key]) => String(row[key]))),
  ];
  const widths = COLUMNS.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, index) => (index < 2 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  '),
  );
  const open = Object.entries(summary.open).map(([name, n]) => `${String(n)} ${name}`);
  return [...lines, '', `Waiting for a person: ${open.join(', ')}.`, ...formatAgreement(summary.agreement)];
}
