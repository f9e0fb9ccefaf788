/**
 * Where sessions of one connection keep what rarely changes in its system (connectors/kit/kept.ts): in the memory of this process,
 * each connection for itself. Other settings or credentials may see another system, so they begin with nothing.
 */
import { createHash } from 'node:crypto';
import type { Kept } from '../connectors/kit/contract.ts';
import { createMemoryKept } from '../connectors/kit/kept.ts';
import { canonicalJson, type Json } from '../domain/json.ts';

/** More connections than a process serves; beyond it the one that was made first begins anew. */
const CONNECTIONS_MAX = 1_000;

export function createKeptByConnection() {
  const held = new Map<string, { of: string; kept: Kept }>();

  /** `seenWith`: everything that decides what the connection sees. */
  return function keptOf(connectionId: string, seenWith: Json): Kept {
    const of = createHash('sha256').update(canonicalJson(seenWith)).digest('hex');
    const known = held.get(connectionId);
    if (known?.of === of) return known.kept;
    const kept = createMemoryKept();
    held.set(connectionId, { of, kept });
    const [oldest] = held.keys();
    if (held.size > CONNECTIONS_MAX && oldest !== undefined) held.delete(oldest);
    return kept;
  };
}
