/** The dials: what the contract leaves open (section 10) and what a client must survive. Each returns to rest with null. */

export interface Dials {
  /** Largest page; 0 sends everything (contract 3.1). */
  pageSize: number;
  /** Fields gone from entities and `$metadata`: `Set.Field`. */
  removeFields: readonly string[];
  /** `Set.Field` to its new name, in entities and `$metadata`. */
  renameFields: Readonly<Record<string, string>>;
  /** V2 services answer with V4 JSON. */
  v4Json: boolean;
  /** Keys of objects somebody has open, `*` for all, to the name of the user (contract 4.5). */
  locks: Readonly<Record<string, string>>;
  /** Status of a refusal because of a lock. */
  lockStatus: number;
  /** The etag holds whole seconds only. */
  etagSeconds: boolean;
  /** Function imports refuse calls without If-Match. */
  functionsNeedEtag: boolean;
  /** A change below an order moves the order's LastChangeDateTime. */
  childrenTouchOrder: boolean;
  /** A confirmation or goods issue moves it. */
  confirmationsTouchOrder: boolean;
  /** A status function moves it. */
  statusTouchesOrder: boolean;
  /** `eq null` on moments is refused. */
  refuseEqNull: boolean;
  /** Read-only properties in a payload are passed over instead of refused. */
  ignoreReadOnly: boolean;
  /** Long texts are appended with a log line instead of replaced (notifications). */
  appendLongText: boolean;
  /** A change of priority recomputes the dates of an order that has none of its own in the same request. */
  priorityMovesDates: boolean;
  /** Function imports refused, by name, with this text. */
  refuseFunctions: Readonly<Record<string, string>>;
  /** Nothing can be posted before this day (`2031-05-01`). */
  closedBefore: string;
  /** After a page of this set is served somebody creates an order; so many times. */
  insertWhilePaging: number;
  /** Order types that need an activity type and a priority on create. */
  strictCreate: boolean;
  /** A password fails so often before its user is locked. */
  lockUserAfter: number;
  tokenLifetimeMs: number;
  /** Sessions end after so long without a request. */
  sessionIdleMs: number;
  /** Sets whose rows the user may not see: empty lists, no error (contract 7). */
  hiddenSets: readonly string[];
  /** Services not activated: 403. */
  inactiveServices: readonly string[];
  /** Status of the answer to an order action that is refused. */
  refusalStatus: number;
}

export function defaultDials(): Dials {
  return {
    pageSize: 1000,
    removeFields: [],
    renameFields: {},
    v4Json: false,
    locks: {},
    lockStatus: 400,
    etagSeconds: false,
    functionsNeedEtag: false,
    childrenTouchOrder: true,
    confirmationsTouchOrder: false,
    statusTouchesOrder: true,
    refuseEqNull: false,
    ignoreReadOnly: false,
    appendLongText: false,
    priorityMovesDates: false,
    refuseFunctions: {},
    closedBefore: '',
    insertWhilePaging: 0,
    strictCreate: false,
    lockUserAfter: 5,
    tokenLifetimeMs: 3_600_000,
    sessionIdleMs: 1_800_000,
    hiddenSets: [],
    inactiveServices: [],
    refusalStatus: 400,
  };
}

function fits(rest: unknown, value: unknown): boolean {
  if (Array.isArray(rest)) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (typeof rest === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === typeof rest;
}

/** Sets one dial; null returns it to rest. */
export function setDial(dials: Dials, name: string, value: unknown): void {
  const rest = defaultDials();
  if (!Object.hasOwn(rest, name)) {
    throw new TypeError(`The dial "${name}" is unknown; use one of ${Object.keys(rest).join(', ')}.`);
  }
  const own = rest[name as keyof Dials];
  if (value === null || value === undefined) Object.assign(dials, { [name]: own });
  else if (fits(own, value)) Object.assign(dials, { [name]: value });
  else throw new TypeError(`The dial "${name}" takes a value like ${JSON.stringify(own)}.`);
}
