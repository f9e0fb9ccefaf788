/** One call as connectors describe it to the HTTP client of the kit. Types only. */

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the base URL, or an absolute URL under the same origin. */
  path: string;
  /** Undefined values are left out. A string is sent as it is. */
  query?: Record<string, string | undefined> | string;
  headers?: Record<string, string>;
  /** Sent as JSON; text or bytes beside a `content-type` of your own are sent as they are, a function's stream too (opened anew for each attempt). */
  body?: unknown;
  /** `text` takes an answer of any media type as its text; `json` (default) refuses what is not JSON. */
  expect?: 'json' | 'text';
  /** Takes NaN and raw control characters in the answer's JSON, told in `oddities`; absent: they make the call fail. */
  takesOddities?: boolean;
  /** Whether sending it twice does no more than sending it once. If not, only what surely was not carried out is sent again. */
  repeatable: boolean;
  timeoutMs?: number;
}
