/** Hears of new events and intents as they commit. A connection of its own, kept for the life of the process and opened anew when it breaks. */
import pg from 'pg';

export interface Listening {
  close(): Promise<void>;
}

const AGAIN_MS = 1_000;

/** `hear` gets the tenant's id; null after a gap in which something may have been missed. */
export function listenForNotices(url: string, hear: (tenantId: string | null) => void): Listening {
  let client: pg.Client | null = null;
  let closed = false;
  let again: NodeJS.Timeout | null = null;

  const open = async (): Promise<void> => {
    const opened = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
    const broken = (): void => {
      if (closed || client !== opened) return;
      client = null;
      again = setTimeout(start, AGAIN_MS).unref();
    };
    opened.on('error', broken);
    opened.on('end', broken);
    opened.on('notification', ({ payload }) => {
      hear(payload ?? null);
    });
    client = opened;
    try {
      await opened.connect();
      await opened.query('listen notices');
      hear(null);
    } catch {
      broken();
    }
  };
  const start = (): void => void open();
  start();
  return {
    async close() {
      closed = true;
      if (again !== null) clearTimeout(again);
      await client?.end().catch(() => undefined);
    },
  };
}
