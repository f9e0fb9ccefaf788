/** One tenant: everything the parts of the sandbox share, and who acts in it. */
import type { Paging, SandboxWorld, WriteKind } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import type { ClassName } from './schema.ts';
import type { Keys } from './signature.ts';
import type { Store } from './store.ts';

export interface Tenant {
  world: SandboxWorld;
  dials: Dials;
  store: Store;
  paging: Paging;
  keys: Keys;
  /** The user the keys belong to. */
  apiUserId: number;
}

export interface Actor {
  userId: number;
  /** A person in the vendor's own screens: no rights are checked, no writes counted, more may be written. */
  person: boolean;
}

/** One request, or all requests of one batch. */
export interface Call {
  tenant: Tenant;
  actor: Actor;
  /** Temporary negative ids and what became of them (contract 2.7). */
  temporary: Map<number, number>;
  /** Counted when the work holds. */
  wrote: { kind: WriteKind; className: ClassName }[];
}

export function createCall(tenant: Tenant, actor: Actor): Call {
  return { tenant, actor, temporary: new Map(), wrote: [] };
}

/** Runs the work all or nothing and counts its writes when it holds. */
export function committed<T>(call: Call, work: () => T): T {
  const before = call.wrote.length;
  try {
    return call.tenant.store.tables.atomically(work);
  } catch (error) {
    call.wrote.length = before;
    throw error;
  }
}

export function reportWrites({ tenant, actor, wrote }: Call): void {
  if (!actor.person) for (const { kind, className } of wrote) tenant.world.stats.wrote(kind, className);
}
