/** What operations of a person need: the store, who it is, and the steps of the sync with their mappings. */
import type { SyncDeps } from '../activities/sync/context.ts';
import { createManualSteps } from '../activities/sync/manual-steps.ts';
import type { PersonDeps } from '../plant/person.ts';
import { storeDeps } from './store-deps.ts';

export function personDeps(sync: SyncDeps, tenantId: string): PersonDeps {
  const { store, now, newId } = sync;
  return { ...storeDeps(store, tenantId), now, newId, steps: createManualSteps(sync) };
}
