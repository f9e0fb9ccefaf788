/**
 * An imitation of UpKeep (API v2) to test and demonstrate against: it follows the public contract, keeps its own state,
 * and shares nothing with the connector. What the contract leaves open follows its "pick" lines.
 */
import {
  createSandboxWorld,
  readState,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type SandboxVendor,
} from '../../kit/sandbox/index.ts';
import type { Account, Actor } from './account.ts';
import { createDials, setDial } from './dials.ts';
import { handleRequest } from './router.ts';
import { OBJECTS, type ObjectName } from './schema.ts';
import { ADMIN, seedAccount } from './seed.ts';
import { createSessions } from './sessions.ts';
import { show, showWhole } from './show.ts';
import { createStore } from './store.ts';
import { createWebhooks } from './webhooks.ts';
import { createState, savedRows, type UpkeepSettings } from './state.ts';
import { create, remove, update } from './write.ts';

function objectName(object: string): ObjectName {
  const found = OBJECTS.find((name) => name === object);
  if (found === undefined)
    throw new TypeError(`There is no object "${object}"; use one of ${OBJECTS.join(', ')}.`);
  return found;
}

/** `url` of the answer is the host; the API is below `/api/v2`, as at api.onupkeep.com. */
export async function startUpkeepSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { seed, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system: 'upkeep', seed });
  const settings = saved === null ? null : (saved.settings as UpkeepSettings);
  const world = createSandboxWorld(options, saved);
  const dials = { ...createDials(), ...settings?.dials };
  const account: Account = {
    world,
    dials,
    store: createStore(world, dials),
    webhooks: createWebhooks(world, dials),
  };
  if (saved !== null && settings !== null) {
    account.store.restore(settings.sequences, savedRows(saved.rows));
    account.webhooks.restore(settings.webhooks);
  }
  const userId = settings?.userId ?? (await seedAccount(account, seed));
  const person: Actor = { userId, person: true };
  const sessions = createSessions(world, dials, account.store, { token: ADMIN.token, userId });
  const vendor: SandboxVendor = {
    system: 'upkeep',
    credentials: { ...ADMIN },
    world,
    handle: (request) => handleRequest(account, sessions, request),
    objects: () => [...OBJECTS],
    list: (object) =>
      [...account.store.table(objectName(object)).rows()].map((row) =>
        showWhole(account, objectName(object), row),
      ),
    insert: (object, fields) =>
      show(account, objectName(object), create(account, objectName(object), fields, person)),
    change: (object, id, fields) =>
      show(account, objectName(object), update(account, objectName(object), id, fields, person)),
    remove: (object, id) => remove(account, objectName(object), id, person),
    setDial: (name, value) => setDial(dials, name, value),
    expireSessions: () => sessions.expireAll(),
    close: () => account.webhooks.close(),
    state: createState(account, userId),
  };
  return startSandbox(vendor, options);
}
