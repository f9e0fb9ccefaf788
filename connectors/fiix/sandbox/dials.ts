/** The dials: what the contract leaves open (its list of unknowns), and what a client must survive. */
import {
  choice,
  count,
  flag,
  orNothing,
  pageDials,
  shape,
  staleReads,
  texts,
  type Dial,
  type DialValues,
} from '../../kit/sandbox/index.ts';

const numbers: Dial<readonly number[]> = {
  rest: [],
  takes: 'a list of numbers',
  read: (value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'number') ? value : undefined,
};
const records: Dial<readonly Record<string, unknown>[]> = {
  rest: [],
  takes: 'a list of objects',
  read: (value) =>
    Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null) ? value : undefined,
};

export const DIALS = {
  // Access.
  /** HTTP status of a refused signature or key. */
  refusalStatus: count(200),
  /** A timestamp further off is refused; null accepts any, and none. */
  timestampWindowMs: orNothing(count(0)),
  /** What the user of the keys may not do; classes, or `*` for all. */
  permissions: orNothing(
    shape({
      ...{ add: texts(), change: texts(), remove: texts(), find: texts(), rpc: texts() },
      /** Sites the user sees; null sees all. */
      sites: orNothing(numbers),
    }),
  ),
  /** Sub-requests a minute, by the sandbox's clock. */
  budgetPerMinute: orNothing(count(0)),
  /** The advised wait of a throttled answer; null leaves it out. */
  adviceMs: orNothing(count(0), 1_500),
  // Reading.
  /** Largest page; null has no limit. */
  pageCap: orNothing(count(0), 1_000),
  /** Order of a find that asks for none. */
  unordered: choice('id', ['id', 'shuffled']),
  /** What `totalObjects` counts. */
  totalObjects: choice('matches', ['matches', 'returned']),
  likeIgnoresCase: flag(),
  /** A name in `fields`, `changeFields` or a new object that the class does not have. */
  unknownFields: choice('error', ['error', 'ignore']),
  /** `*` brings `intSysCode` of AssetCategory, too. */
  starHoldsSysCode: flag(),
  /** `id` comes also when not asked for. */
  idAlways: flag(),
  /** Empty fields come as null. */
  nullsSent: flag(),
  /** Empty text is kept and sent as such. */
  keepEmptyText: flag(),
  /** A find without a match has no `objects`. */
  objectsMissing: flag(),
  /** Records carry `dirty`, `new`, `uideleted`. */
  extraProperties: flag(true),
  // Writing.
  /** A batch that does not say. */
  batchMode: choice('single', ['single', 'separate']),
  batchMax: orNothing(count(0)),
  closeSetsCompleted: flag(),
  notesForced: flag(),
  /** A closed work order refuses changes. */
  closedLocked: flag(),
  /** A write of a child moves the work order's `intUpdated`. */
  childMovesParent: flag(),
  /** `Stock.qtyOnHand` may be changed and leaves a ledger row. */
  stockWritable: flag(),
  createSites: flag(),
  writeTriggers: flag(),
  /** An active user in an add becomes an inactive one instead of an error. */
  deactivateUsers: flag(),
  // RPC.
  /** GetPermissions, AssetResolved and CustomFields are answered. */
  moreRpcs: flag(),
  customFields: records,
  // Trouble.
  /** So many consecutive writes share one time. */
  equalTimestamps: count(1),
  ...pageDials(['WorkOrder', 'Asset', 'Business', 'Account'], 'WorkOrder'),
  /** How far finds lag behind. */
  staleReads: staleReads(),
  /** So many coming answers are lost on the way: an empty body, though the request was executed. */
  emptyBodies: count(0),
  /** So many coming requests meet a proxy's HTML page with status 502. Not executed. */
  html502: count(0),
};

export type Dials = DialValues<typeof DIALS>;
