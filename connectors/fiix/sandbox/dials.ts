/** The dials: what the contract leaves open (its list of unknowns), and what a client must survive. */
import { classNamed, type ClassName } from './schema.ts';

/** What the user of the keys may not do; classes, or `*` for all. */
export interface Denials {
  add: readonly string[];
  change: readonly string[];
  remove: readonly string[];
  find: readonly string[];
  rpc: readonly string[];
  /** Sites the user sees; null sees all. */
  sites: readonly number[] | null;
}

export interface Dials {
  // Access.
  /** HTTP status of a refused signature or key. */
  refusalStatus: number;
  /** A timestamp further off is refused; null accepts any, and none. */
  timestampWindowMs: number | null;
  permissions: Denials | null;
  /** Sub-requests a minute, by the sandbox's clock. */
  budgetPerMinute: number | null;
  /** The advised wait of a throttled answer; null leaves it out. */
  adviceMs: number | null;
  // Reading.
  /** Largest page; null has no limit. */
  pageCap: number | null;
  /** Order of a find that asks for none. */
  unordered: 'id' | 'shuffled';
  /** What `totalObjects` counts. */
  totalObjects: 'matches' | 'returned';
  likeIgnoresCase: boolean;
  /** A name in `fields`, `changeFields` or a new object that the class does not have. */
  unknownFields: 'error' | 'ignore';
  /** `*` brings `intSysCode` of AssetCategory, too. */
  starHoldsSysCode: boolean;
  /** `id` comes also when not asked for. */
  idAlways: boolean;
  /** Empty fields come as null. */
  nullsSent: boolean;
  /** Empty text is kept and sent as such. */
  keepEmptyText: boolean;
  /** A find without a match has no `objects`. */
  objectsMissing: boolean;
  /** Records carry `dirty`, `new`, `uideleted`. */
  extraProperties: boolean;
  // Writing.
  /** A batch that does not say. */
  batchMode: 'single' | 'separate';
  batchMax: number | null;
  closeSetsCompleted: boolean;
  notesForced: boolean;
  /** A closed work order refuses changes. */
  closedLocked: boolean;
  /** A write of a child moves the work order's `intUpdated`. */
  childMovesParent: boolean;
  /** `Stock.qtyOnHand` may be changed and leaves a ledger row. */
  stockWritable: boolean;
  createSites: boolean;
  writeTriggers: boolean;
  /** An active user in an add becomes an inactive one instead of an error. */
  deactivateUsers: boolean;
  // RPC.
  /** GetPermissions, AssetResolved and CustomFields are answered. */
  moreRpcs: boolean;
  customFields: readonly Record<string, unknown>[];
  // Trouble.
  /** So many consecutive writes share one time. */
  equalTimestamps: number;
  /** So many coming finds of the class are followed by somebody's insert. */
  insertWhilePaging: { className: ClassName; times: number };
  /** So many coming finds show the tenant as it was when the dial was set. */
  staleReads: number;
  /** So many coming answers are lost on the way: an empty body, though the request was executed. */
  emptyBodies: number;
  /** So many coming requests meet a proxy's HTML page with status 502. Not executed. */
  html502: number;
}

export function createDials(): Dials {
  return {
    refusalStatus: 200,
    timestampWindowMs: null,
    permissions: null,
    budgetPerMinute: null,
    adviceMs: 1_500,
    pageCap: 1_000,
    unordered: 'id',
    totalObjects: 'matches',
    likeIgnoresCase: false,
    unknownFields: 'error',
    starHoldsSysCode: false,
    idAlways: false,
    nullsSent: false,
    keepEmptyText: false,
    objectsMissing: false,
    extraProperties: true,
    batchMode: 'single',
    batchMax: null,
    closeSetsCompleted: false,
    notesForced: false,
    closedLocked: false,
    childMovesParent: false,
    stockWritable: false,
    createSites: false,
    writeTriggers: false,
    deactivateUsers: false,
    moreRpcs: false,
    customFields: [],
    equalTimestamps: 1,
    insertWhilePaging: { className: 'WorkOrder', times: 0 },
    staleReads: 0,
    emptyBodies: 0,
    html502: 0,
  };
}

const INSERTABLE: readonly ClassName[] = ['WorkOrder', 'Asset', 'Business', 'Account'];
const CHOICES = {
  unordered: ['id', 'shuffled'],
  totalObjects: ['matches', 'returned'],
  unknownFields: ['error', 'ignore'],
  batchMode: ['single', 'separate'],
} as const;

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function count(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function denials(value: unknown): Denials | null {
  if (typeof value !== 'object' || value === null) return null;
  const { add, change, remove, find, rpc, sites } = value as Record<string, unknown>;
  return {
    add: texts(add),
    change: texts(change),
    remove: texts(remove),
    find: texts(find),
    rpc: texts(rpc),
    sites: Array.isArray(sites) ? sites.map(Number) : null,
  };
}

function insertions(value: unknown, rest: Dials['insertWhilePaging']): Dials['insertWhilePaging'] {
  const given = objectOf(value);
  const className = classNamed(given['className'] ?? rest.className);
  if (className === null || !INSERTABLE.includes(className)) {
    throw new TypeError(`Insert into one of ${INSERTABLE.join(', ')}.`);
  }
  const times = value === true ? Number.MAX_SAFE_INTEGER : count(given['times'] ?? value);
  return { className, times: times ?? 0 };
}

/** Sets one dial; a value that does not fit, such as null, returns it to rest where null is no position of it. */
export function setDial(dials: Dials, name: string, value: unknown): void {
  const rest = createDials();
  switch (name) {
    case 'unordered':
    case 'totalObjects':
    case 'unknownFields':
    case 'batchMode': {
      const choice = CHOICES[name].find((one) => one === value) ?? rest[name];
      Object.assign(dials, { [name]: choice });
      return;
    }
    case 'timestampWindowMs':
    case 'budgetPerMinute':
    case 'adviceMs':
    case 'pageCap':
    case 'batchMax':
      dials[name] = count(value);
      return;
    case 'refusalStatus':
    case 'equalTimestamps':
    case 'staleReads':
    case 'emptyBodies':
    case 'html502':
      dials[name] = count(value) ?? rest[name];
      return;
    case 'permissions':
      dials.permissions = denials(value);
      return;
    case 'customFields':
      dials.customFields = Array.isArray(value) ? value.map(objectOf) : [];
      return;
    case 'insertWhilePaging':
      dials.insertWhilePaging = insertions(value, rest.insertWhilePaging);
      return;
    case 'likeIgnoresCase':
    case 'starHoldsSysCode':
    case 'idAlways':
    case 'nullsSent':
    case 'keepEmptyText':
    case 'objectsMissing':
    case 'extraProperties':
    case 'closeSetsCompleted':
    case 'notesForced':
    case 'closedLocked':
    case 'childMovesParent':
    case 'stockWritable':
    case 'createSites':
    case 'writeTriggers':
    case 'deactivateUsers':
    case 'moreRpcs':
      dials[name] = typeof value === 'boolean' ? value : rest[name];
      return;
    default:
      throw new TypeError(`The dial "${name}" is unknown; use one of ${Object.keys(rest).join(', ')}.`);
  }
}
