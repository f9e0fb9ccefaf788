/**
 * The webhook registry and its deliveries (contract 5): a real POST whose body is the record, at least once, three tries,
 * in no order. Only work orders and requests have events.
 */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import { ApiError } from './api-error.ts';
import type { Dials } from './dials.ts';

export const WEBHOOK_EVENTS = [
  'WORK_ORDER_CREATED',
  'WORK_ORDER_UPDATED',
  'WORK_ORDER_STATUS_UPDATED',
  'WORK_ORDER_DELETED',
  'PM_WORK_ORDER_CREATED',
  'PM_WORK_ORDER_UPDATED',
  'PM_WORK_ORDER_DELETED',
  'WORK_ORDER_SCHEDULE_CREATED',
  'WORK_ORDER_SCHEDULE_UPDATED',
  'WORK_ORDER_SCHEDULE_STATUS_UPDATED',
  'WORK_ORDER_SCHEDULE_DELETED',
  'PURCHASE_ORDER_CREATED',
  'PURCHASE_ORDER_UPDATED',
  'PURCHASE_ORDER_DELETED',
  'PURCHASE_ORDER_APPROVED',
  'PURCHASE_ORDER_DECLINED',
  'REQUEST_CREATED',
  'REQUEST_UPDATED',
  'REQUEST_APPROVED',
  'REQUEST_REJECTED',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const TRIES = 3;
const PARALLEL = 8;
const PENDING_MAX = 100_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export interface Webhook {
  id: string;
  title: string;
  endpoint: string;
  events: string[];
}
interface Delivery {
  endpoint: string;
  body: string;
  tries: number;
}

export interface Webhooks {
  register(body: Record<string, unknown>): Webhook;
  list(): Webhook[];
  get(id: string): Webhook;
  change(id: string, body: Record<string, unknown>): Webhook;
  remove(id: string): void;
  fire(event: WebhookEvent, body: object): void;
  /** Subscriptions as they were before a restart. */
  restore(saved: readonly Webhook[]): void;
  /** Stops all deliveries. */
  close(): void;
}

function readTitle(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new ApiError(400, 'title cannot be null');
  return value;
}

function readEndpoint(value: unknown): string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new ApiError(400, 'endpoint must be a URL');
  return url.href;
}

function readEvents(value: unknown): string[] {
  const events: unknown[] = Array.isArray(value) ? value : [value];
  if (value === undefined || value === null || events.length === 0)
    throw new ApiError(400, 'events cannot be null');
  return events.map((event) => {
    if (WEBHOOK_EVENTS.some((known) => known === event)) return String(event);
    throw new ApiError(400, `events must be of ${WEBHOOK_EVENTS.join(', ')}`);
  });
}

export function createWebhooks(world: SandboxWorld, dials: Dials): Webhooks {
  const hooks = new Map<string, Webhook>();
  const timers = new Set<NodeJS.Timeout>();
  const closing = new AbortController();
  let pending: Delivery[] = [];
  let running = 0;

  function later(delayMs: number, work: () => void): void {
    if (delayMs <= 0) {
      work();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, delayMs);
    timers.add(timer);
  }
  async function post(delivery: Delivery): Promise<boolean> {
    try {
      const response = await fetch(delivery.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: delivery.body,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(dials.webhooks.timeoutMs)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
  function enqueue(delivery: Delivery): void {
    if (pending.length < PENDING_MAX) pending.push(delivery);
    // Not in the same tick: the write is answered first, and several events of one write get out of order.
    setImmediate(pump);
  }
  function pump(): void {
    while (!closing.signal.aborted && running < PARALLEL && pending.length > 0) {
      const [delivery] = pending.splice(world.random.int(pending.length), 1);
      if (delivery === undefined) return;
      running += 1;
      void post(delivery).then((received) => {
        running -= 1;
        const tries = delivery.tries + 1;
        if (!received && tries < TRIES && !closing.signal.aborted) {
          later(dials.webhooks.retryMs * tries, () => enqueue({ ...delivery, tries }));
        }
        pump();
      });
    }
  }
  function get(id: string): Webhook {
    const hook = hooks.get(id);
    if (hook === undefined) throw new ApiError(404, 'webhook not found');
    return hook;
  }
  return {
    register(body) {
      const title = readTitle(body['title']);
      const endpoint = readEndpoint(body['endpoint']);
      const events = readEvents(body['events'] ?? body['events[]']);
      const hook = { id: world.random.text(10, ALPHABET), title, endpoint, events };
      hooks.set(hook.id, hook);
      return hook;
    },
    list: () => [...hooks.values()],
    get,
    change(id, body) {
      const hook = get(id);
      if (body['title'] !== undefined) hook.title = readTitle(body['title']);
      if (body['endpoint'] !== undefined) hook.endpoint = readEndpoint(body['endpoint']);
      if (body['events'] !== undefined) hook.events = readEvents(body['events']);
      return hook;
    },
    remove(id) {
      hooks.delete(get(id).id);
    },
    restore(saved) {
      for (const hook of saved) hooks.set(hook.id, { ...hook });
    },
    fire(event, body) {
      const targets = [...hooks.values()].filter((hook) => hook.events.includes(event));
      if (targets.length === 0) return;
      const text = JSON.stringify(body);
      const { drop, duplicate, delayMs } = dials.webhooks;
      for (const { endpoint } of targets) {
        if (drop > 0 && world.random.chance(drop)) continue;
        for (let copy = 0; copy <= duplicate; copy += 1) {
          later(delayMs, () => enqueue({ endpoint, body: text, tries: 0 }));
        }
      }
    },
    close() {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      pending = [];
    },
  };
}
