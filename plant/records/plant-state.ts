/** The figures an operator watches: what waits for people, how far each connection lags, what runs did. */
import { plantFigures } from '../../store/assets/plant-figures.ts';
import type { Store } from '../../store/index.ts';

export interface Figure {
  name: string;
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}

export async function plantState(deps: { store: Store; now(): number }, tenantId: string): Promise<Figure[]> {
  const { connections, open, runs } = await deps.store.inTenant(tenantId, plantFigures);
  const of = (row: (typeof connections)[number]): Record<string, string> => ({
    connection: row.name,
    system: row.system,
  });
  return [
    {
      name: 'chatterfix_connection_active',
      help: '1 when the connection runs, 0 when it is paused.',
      samples: connections.map((row) => ({ labels: of(row), value: row.state === 'active' ? 1 : 0 })),
    },
    {
      name: 'chatterfix_connection_lag_seconds',
      help: 'Seconds since the end of the last run that succeeded.',
      samples: connections.flatMap((row) =>
        row.lastSuccess === null
          ? []
          : [{ labels: of(row), value: Math.max(0, (deps.now() - row.lastSuccess.getTime()) / 1_000) }],
      ),
    },
    {
      name: 'chatterfix_push_queue_records',
      help: 'Hub records that wait to be written to the system.',
      samples: connections.map((row) => ({ labels: of(row), value: row.queued })),
    },
    {
      name: 'chatterfix_governor_pause_seconds',
      help: 'How much longer the system asked everybody to wait.',
      samples: connections.map((row) => ({
        labels: of(row),
        value: row.pausedUntil === null ? 0 : Math.max(0, (row.pausedUntil.getTime() - deps.now()) / 1_000),
      })),
    },
    {
      name: 'chatterfix_open_exceptions',
      help: 'What waits for a person or for another record, by kind.',
      samples: Object.entries(open).map(([kind, value]) => ({
        labels: { kind: kind.replaceAll(' ', '_') },
        value,
      })),
    },
    {
      name: 'chatterfix_runs',
      help: 'Runs of the last 24 hours by state.',
      samples: runs.map(({ name, system, state, count }) => ({
        labels: { connection: name, system, state },
        value: count,
      })),
    },
    {
      name: 'chatterfix_records',
      help: 'Records that the runs of the last 24 hours moved, by entity and what became of them.',
      samples: runs.flatMap(({ name, system, state, counts }) =>
        state !== 'completed'
          ? []
          : Object.entries(counts).map(([key, value]) => {
              const [entity = '', outcome = ''] = key.split('/');
              return { labels: { connection: name, system, entity, outcome }, value };
            }),
      ),
    },
  ];
}
