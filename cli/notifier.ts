/**
 * Delivers notices in a worker: woken by the database as events and intents commit, by the time the next one is due, and every few
 * seconds in case something was missed. Any number may run; leases keep them from doing the same.
 */
import type { Logger } from 'pino';
import { refreshMessages } from '../plant/notifications/message.ts';
import { closeNextDigest, deliverNext, fallBack } from '../plant/notifications/deliver.ts';
import type { NoticeDeps } from '../plant/notifications/notice-deps.ts';
import { spreadNext } from '../plant/notifications/spread.ts';
import { listTenants } from '../store/access/tenants.ts';
import { nextDue } from '../store/notifications/intents.ts';
import { noteDueOrders } from '../store/notifications/events.ts';
import { listenForNotices } from '../store/notifications/listen.ts';

/** The longest that anything waits when the database's word was missed. */
const LOOK_MS = 5_000;
const ORDERS_MS = 60_000;
/** Messages on their way at once, in one worker. */
const LANES = 4;
/** Events and messages of one round, so that no plant keeps the others waiting. */
const ROUND_MAX = 200;

export interface Notifier {
  stop(): Promise<void>;
}

export function startNotifier(options: {
  deps: NoticeDeps;
  databaseUrl: string;
  log: Pick<Logger, 'warn'>;
}): Notifier {
  const { deps, databaseUrl, log } = options;
  const waiting = new Set<string>();
  let running: Promise<void> | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let ordersAt = -Infinity;

  const wake = (tenantId: string): void => {
    if (stopped) return;
    waiting.add(tenantId);
    running ??= rounds().finally(() => {
      running = null;
      // What came while the last look at the list was over.
      const [next] = waiting;
      if (next !== undefined) wake(next);
    });
  };
  async function rounds(): Promise<void> {
    for (const tenantId of waiting) {
      waiting.delete(tenantId);
      try {
        const next = await workOn(deps, tenantId);
        if (next !== null) plan(next);
      } catch (err) {
        log.warn({ err }, 'notices wait');
      }
      if (stopped) return;
    }
  }
  function plan(at: number): void {
    const inMs = Math.max(50, at - deps.now());
    if (inMs >= LOOK_MS || stopped) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void wakeAll(), inMs).unref();
  }
  async function wakeAll(): Promise<void> {
    try {
      const tenants = await listTenants(deps.store.db);
      if (deps.now() - ordersAt >= ORDERS_MS) {
        ordersAt = deps.now();
        for (const { id } of tenants)
          await deps.store.inTenant(id, (tx) => noteDueOrders(tx, id, new Date(deps.now()).toISOString()));
      }
      for (const { id } of tenants) wake(id);
    } catch (err) {
      log.warn({ err }, 'notices wait');
    }
  }
  const listening = listenForNotices(databaseUrl, (tenantId) => {
    if (tenantId === null) void wakeAll();
    else wake(tenantId);
  });
  const looking = setInterval(() => void wakeAll(), LOOK_MS);
  return {
    async stop() {
      stopped = true;
      clearInterval(looking);
      if (timer !== null) clearTimeout(timer);
      await listening.close();
      await running;
    },
  };
}

/** Everything that is due for a plant; gives when something is next. */
async function workOn(deps: NoticeDeps, tenantId: string): Promise<number | null> {
  for (let count = 0; count < ROUND_MAX; count += 1) if (!(await spreadNext(deps, tenantId))) break;
  await fallBack(deps, tenantId);
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let count = 0; count < ROUND_MAX; count += 1) if (!(await deliverNext(deps, tenantId))) return;
    }),
  );
  for (let count = 0; count < ROUND_MAX; count += 1) if (!(await closeNextDigest(deps, tenantId))) break;
  await refreshMessages(deps, tenantId);
  return (await deps.store.inTenant(tenantId, (tx) => nextDue(tx, tenantId)))?.getTime() ?? null;
}
