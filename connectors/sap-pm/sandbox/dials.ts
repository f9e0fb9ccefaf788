/** The dials: what the contract leaves open (section 10) and what a client must survive. */
import {
  count,
  flag,
  pageDials,
  staleReads,
  textByName,
  texts,
  written,
  type DialValues,
} from '../../kit/sandbox/index.ts';

export const DIALS = {
  /** Largest page; 0 sends everything (contract 3.1). */
  pageSize: count(1_000),
  /** Fields gone from entities and `$metadata`: `Set.Field`. */
  removeFields: texts(),
  /** `Set.Field` to its new name, in entities and `$metadata`. */
  renameFields: textByName(),
  /** V2 services answer with V4 JSON. */
  v4Json: flag(),
  /** Keys of objects somebody has open, `*` for all, to the name of the user (contract 4.5). */
  locks: textByName(),
  /** Status of a refusal because of a lock. */
  lockStatus: count(400),
  /** The etag holds whole seconds only. */
  etagSeconds: flag(),
  /** Function imports refuse calls without If-Match. */
  functionsNeedEtag: flag(),
  /** A change below an order moves the order's LastChangeDateTime. */
  childrenTouchOrder: flag(true),
  /** A confirmation or goods issue moves it. */
  confirmationsTouchOrder: flag(),
  /** A status function moves it. */
  statusTouchesOrder: flag(true),
  /** `eq null` on moments is refused. */
  refuseEqNull: flag(),
  /** Read-only properties in a payload are passed over instead of refused. */
  ignoreReadOnly: flag(),
  /** Long texts are appended with a log line instead of replaced (notifications). */
  appendLongText: flag(),
  /** A change of priority recomputes the dates of an order that has none of its own in the same request. */
  priorityMovesDates: flag(),
  /** Function imports refused, by name, with this text. */
  refuseFunctions: textByName(),
  /** Nothing can be posted before this day (`2031-05-01`). */
  closedBefore: written('', 'a day such as 2031-05-01', (day) =>
    /^\d{4}-\d\d-\d\d$/.test(day) ? day : null,
  ),
  /** After a page of orders is served somebody creates one. */
  ...pageDials(null, 'MaintenanceOrder'),
  /** How far lists lag behind. */
  staleReads: staleReads(),
  /** Order types that need an activity type and a priority on create. */
  strictCreate: flag(),
  /** A password fails so often before its user is locked. */
  lockUserAfter: count(5),
  tokenLifetimeMs: count(3_600_000),
  /** Sessions end after so long without a request. */
  sessionIdleMs: count(1_800_000),
  /** Sets whose rows the user may not see: empty lists, no error (contract 7). */
  hiddenSets: texts(),
  /** Services not activated: 403. */
  inactiveServices: texts(),
  /** Status of the answer to an order action that is refused. */
  refusalStatus: count(400),
};

export type Dials = DialValues<typeof DIALS>;
