/** What the parts of one UpKeep account share. */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './webhooks.ts';

export interface Account {
  world: SandboxWorld;
  dials: Dials;
  store: Store;
  webhooks: Webhooks;
}

/** Who writes: a client by its token, or a person in the product's own screens (never counted as an API write). */
export interface Actor {
  userId: string;
  person: boolean;
}
