/**
 * Takes a vendor's delivery: who it is for is proved by the token in the URL, what it is about is a hint. The record is read
 * again by the pass that the hint wakes; the body is never data.
 */
import { createHash } from 'node:crypto';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { WebhookTarget } from '../../store/connections/connections.ts';

export interface ReceiveWebhookDeps {
  findTarget(connectionId: string, tokenHash: Buffer): Promise<WebhookTarget | null>;
  /** Which entities a body of that system is about; empty when it does not say. */
  entitiesOf(system: string, body: unknown): Entity[];
  poke(connectionId: string, entities: Entity[]): Promise<void>;
}

export async function receiveWebhook(
  deps: ReceiveWebhookDeps,
  delivery: { connectionId: string; token: string; body: unknown },
): Promise<void> {
  const target = await deps.findTarget(delivery.connectionId, hashWebhookToken(delivery.token));
  // One answer for an unknown connection and a wrong token: neither can be found out by asking.
  if (target === null) throw new Failure('not_found', 'There is no webhook at this address.');
  await deps.poke(target.connectionId, deps.entitiesOf(target.system, delivery.body));
}

export function hashWebhookToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
