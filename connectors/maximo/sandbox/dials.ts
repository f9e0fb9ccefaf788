/** The dials of the control port (contract section 9, switches); each is explained where it is read. */
import {
  choice,
  count,
  flag,
  orNothing,
  pageDials,
  shape,
  staleReads,
  written,
  type DialValues,
} from '../../kit/sandbox/index.ts';
import { parseZone } from './date-time.ts';

const endpoint = written('', 'an address such as http://127.0.0.1:8080/', (text) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
});

export const DIALS = {
  zoneOffset: written({ text: '+00:00', offsetMs: 0 }, 'an offset such as -05:00', parseZone),
  /** mxe.oslc.maxpagesize: a larger page is an error, not cut. */
  maxPageSize: orNothing(count(0)),
  /** Pages even when the client did not ask (contract 3.5, auto paging). */
  autoPageSize: orNothing(count(0)),
  /** Attributes no structure has, in select: an error, or left out of the answer (unknown, contract 10.3). */
  unknownAttributes: choice('refuse', ['refuse', 'ignore']),
  /** `status` in a create: applied after the insert, or not stored (unknown, contract 10.7). */
  createStatus: choice('honoured', ['honoured', 'ignored']),
  /** A worklog must exist before COMP. */
  statusRequiresWorklog: flag(),
  /** Errors come as a gateway's HTML page. */
  htmlErrors: flag(),
  /** The API key is refused. */
  expiredKey: flag(),
  ...pageDials(null, null),
  /** How far reads lag behind. */
  staleReads: staleReads(),
  /** So many consecutive writes share one changedate. */
  equalTimestamps: count(1),
  /** Where hints of changes are posted (contract 5.4); nowhere with the endpoint null. */
  publishChannel: shape({
    endpoint: orNothing(endpoint),
    /** The receiver has this long to answer 2xx. */
    timeoutMs: count(5_000, 1),
    /** Pause after the first refusal; each further one doubles, up to 5 s. */
    retryMs: count(100, 1),
    /** After so many refusals a hint is removed, as an administrator would, and the next one goes. */
    triesMax: count(10, 1),
  }),
};

export type Dials = DialValues<typeof DIALS>;
