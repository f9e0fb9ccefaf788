/** The vendor-specific dials: behaviour of real accounts that a client must survive (contract 6, 8, 10). */
import {
  choice,
  count,
  either,
  flag,
  kept,
  orNothing,
  pageDials,
  shape,
  staleReads,
  texts,
  written,
  type Dial,
  type DialValues,
} from '../../kit/sandbox/index.ts';
import { STATUSES } from './schema.ts';

type Labels = Readonly<Record<string, string>>;

const ODD_LABELS = { open: 'Open', onHold: 'ON_HOLD', inProgress: 'In-Progress', complete: 'Complete' };
const label = (status: string): Dial<string> => written(status, 'a text', (text) => text);
const OWN_LABELS = shape(Object.fromEntries(STATUSES.map((status) => [status, label(status)])));
/** Resources that a title or a name is enough for. */
const INSERTABLE = ['locations', 'assets', 'parts', 'meters', 'requests', 'work-orders'];
const DAY_MS = 86_400_000;

export const DIALS = {
  /** A list without results answers 404. */
  emptyListIs404: flag(),
  /** Unknown body fields are refused. */
  strictFields: flag(),
  /** How statuses are shown, `odd` for some account's own; null shows the API's own words. */
  statusLabels: orNothing(
    kept<string | Labels, Labels>(either(choice('odd', ['odd']), OWN_LABELS), {}, (value) =>
      typeof value === 'string' ? ODD_LABELS : value,
    ),
  ),
  /** References arrive expanded although nobody asked. */
  expandWithoutAsking: flag(),
  webhooks: shape({
    /** Extra copies of each delivery. */
    duplicate: count(0),
    delayMs: count(0),
    /** Probability that an event is never delivered. */
    drop: count(0),
    /** A receiver has this long to answer. */
    timeoutMs: count(5_000),
    /** Pause before the second and third try. */
    retryMs: count(100),
  }),
  /** How far lists lag behind. */
  staleReads: staleReads(),
  ...pageDials(INSERTABLE, 'work-orders'),
  /** So many consecutive writes share one timestamp. */
  equalTimestamps: count(1),
  /** Of tokens issued from now on. */
  tokenLifetimeMs: count(DAY_MS),
  /** Titles of work orders the account may not see: all, or those of the listed ids. */
  permissionPlaceholderTitle: either(flag(), texts()),
  /** The account's work-order categories; others are refused. null accepts any, as foreign clients need (contract 8). */
  categories: orNothing(texts()),
  /** A reading leaves the meter's `updatedAt` alone. */
  quietReadings: flag(),
  /** Origin of the addresses files are read from; null is the API's own. */
  storageOrigin: orNothing(label('')),
};

export type Dials = DialValues<typeof DIALS>;
