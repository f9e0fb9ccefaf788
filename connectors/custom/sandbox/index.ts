/**
 * A generic maintenance system with a REST API, as the reference describes it (13.4) and as such systems usually are: every
 * manner a generic connector must cope with is a dial. It keeps its own state and shares nothing with the connector.
 */
import {
  createSandboxWorld,
  readState,
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type SandboxVendor,
} from '../../kit/sandbox/index.ts';
import { CREDENTIALS, type Account } from './account.ts';
import { createDials, setDial } from './dials.ts';
import { createFiles } from './files.ts';
import { handleRequest } from './router.ts';
import { OBJECTS } from './schema.ts';
import { seedStore } from './seed.ts';
import { createTexts, show } from './show.ts';
import { createState, savedRows, type CustomSettings } from './state.ts';
import { createStore, objectName, type Row } from './store.ts';
import { checkKnown, create, find, remove, update } from './write.ts';

/** The lists are below `/api` of the address. */
export async function startCustomSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { seed, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system: 'custom', seed });
  const settings = saved === null ? null : (saved.settings as CustomSettings);
  const world = createSandboxWorld(options, saved);
  const dials = { ...createDials(), ...settings?.dials };
  const store = createStore(world, dials);
  const account: Account = { world, dials, store, files: createFiles(world), text: createTexts(dials) };
  if (saved === null || settings === null) await seedStore(store, seed);
  else store.restore(settings.sequences, savedRows(saved.rows));
  const shown = (object: string, row: Row): object => show(objectName(object), row, dials);
  const vendor: SandboxVendor = {
    system: 'custom',
    credentials: { ...CREDENTIALS },
    world,
    handle: (request) => handleRequest(account, request),
    objects: () => [...OBJECTS],
    list: (object) => store.rows(objectName(object)).map((row) => shown(object, row)),
    insert(object, fields) {
      const name = objectName(object);
      return shown(object, create(account, name, checkKnown(account, name, fields)));
    },
    change(object, id, fields) {
      const name = objectName(object);
      const row = find(account, name, id);
      return shown(object, update(account, name, row, checkKnown(account, name, fields), false));
    },
    remove: (object, id) => remove(account, objectName(object), find(account, objectName(object), id)),
    setDial: (name, value) => setDial(dials, name, value),
    // Keys and passwords do not run out here.
    expireSessions: () => undefined,
    state: createState(account),
  };
  return startSandbox(vendor, options);
}
