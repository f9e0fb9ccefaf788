/** Every endpoint, as a table of contents. Static segments win over parameters, whatever the order. */
import type { Route } from './frame/route.ts';
import { createKey } from './routes/keys/create-key.ts';
import { listKeys } from './routes/keys/list-keys.ts';
import { revokeKey } from './routes/keys/revoke-key.ts';

export const ROUTES: readonly Route[] = [createKey, listKeys, revokeKey];
