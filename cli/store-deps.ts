/** What an operation needs that only looks into the store or writes there: who it is, and when. */
import { userInfo } from 'node:os';
import { newId } from '../domain/id.ts';
import type { PersonDeps } from '../plant/person.ts';
import type { Store } from '../store/index.ts';

export type StoreDeps = Omit<PersonDeps, 'steps'>;

export function storeDeps(store: Store, tenantId: string): StoreDeps {
  const { now } = Date;
  return { store, tenantId, actor: `cli:${userInfo().username}`, now, newId: () => newId(now()) };
}
