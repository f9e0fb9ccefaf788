/** What the parts of one UpKeep account share. */
import type { Paging, SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './webhooks.ts';

export interface Account {
  world: SandboxWorld;
  dials: Dials;
  store: Store;
  paging: Paging;
  webhooks: Webhooks;
  /** The user every static token stands for. */
  adminId: string;
}

/** Who writes: a client by its token, or a person in the product's own screens (never counted as an API write). */
export interface Actor {
  userId: string;
  person: boolean;
}

export function personIn({ adminId }: Account): Actor {
  return { userId: adminId, person: true };
}
