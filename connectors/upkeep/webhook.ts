/**
 * UpKeep's webhooks (contract 5): deliveries name no event and carry no signature, so there is one subscription per event
 * with the event in its own path, and a delivery is a hint to look, nothing more.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { WebhookSubscription } from '../kit/contract.ts';
import type { Client } from './client.ts';

/** Assets, locations, parts, meters, users and plans have no events: they are polled. */
export const EVENTS = [
  'WORK_ORDER_CREATED',
  'WORK_ORDER_UPDATED',
  'WORK_ORDER_STATUS_UPDATED',
  'WORK_ORDER_DELETED',
  'PM_WORK_ORDER_CREATED',
  'PM_WORK_ORDER_UPDATED',
  'PM_WORK_ORDER_DELETED',
  'REQUEST_CREATED',
  'REQUEST_UPDATED',
  'REQUEST_APPROVED',
  'REQUEST_REJECTED',
] as const;

const ONLY_REQUESTS = new Set(['pending', 'rejected', 'cancelled']);

export function createWebhooks(client: Client) {
  return {
    /** `endpoint` carries the unguessable part; subscriptions that already exist are kept. */
    async subscribe(endpoint: string): Promise<WebhookSubscription[]> {
      const existing = await client.webhooks();
      const subscriptions: WebhookSubscription[] = [];
      for (const event of EVENTS) {
        const url = `${endpoint.replace(/\/+$/, '')}/${event}`;
        const known = existing.find((webhook) => webhook.endpoint === url);
        const title = `ChatterFix Sync ${event}`;
        const id = known?.id ?? (await client.addWebhook({ title, endpoint: url, events: [event] }));
        subscriptions.push({ id, event });
      }
      return subscriptions;
    },

    async unsubscribe(ids: readonly string[]): Promise<void> {
      for (const id of ids) await client.remove('/webhooks', id);
    },

    entitiesOf,
  };
}

/** The body is the record, or only its id after a delete; an approved request is a new work order as well. */
export function entitiesOf(body: unknown): Entity[] {
  const both: Entity[] = ['request', 'work_order'];
  if (typeof body !== 'object' || body === null) return both;
  const { workOrderNo, status } = body as { workOrderNo?: unknown; status?: unknown };
  if (workOrderNo !== undefined) return ['work_order'];
  if (typeof status === 'string' && ONLY_REQUESTS.has(status.toLowerCase())) return ['request'];
  return both;
}
