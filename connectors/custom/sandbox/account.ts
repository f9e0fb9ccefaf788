/** What the parts of this sandbox share. */
import type { Paging, SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import type { Files } from './files.ts';
import type { ObjectName } from './schema.ts';
import type { Row, Store } from './store.ts';

export const CREDENTIALS = {
  apiKey: 'corp-rest-key-5b1e7a40',
  username: 'sync',
  password: 'corp-rest-sync',
} as const;

export interface Account {
  world: SandboxWorld;
  dials: Dials;
  store: Store;
  paging: Paging;
  files: Files;
  /** A record as JSON. */
  text(object: ObjectName, row: Row): string;
}
