/** Counts what clients did, so that a test can prove a number of calls, writes or pages instead of believing it. */

const LOG_MAX = 1_000;
const PAGES_MAX = 100_000;

export type WriteKind = 'created' | 'updated' | 'deleted';
export interface LogEntry {
  method: string;
  path: string;
  /** 0 when no answer was sent. */
  status: number;
}
export interface ServedPage {
  object: string;
  query: string;
}
export interface StatsSnapshot {
  requests: number;
  byMethod: Record<string, number>;
  /** Writes through the vendor's API, by object; edits through the control port are not in here. */
  writes: Record<WriteKind, Record<string, number>>;
  /** Requests that arrived above the rate limit. */
  violations: number;
  /** How often each fault effect fired. */
  faultsFired: Record<string, number>;
  log: LogEntry[];
}

/** What vendor code reports. */
export interface SandboxStats {
  wrote(kind: WriteKind, object: string, count?: number): void;
  /** A list page was served. */
  page(object: string, query: string): void;
}

/** What the server reports beside that. */
export interface StatsBook extends SandboxStats {
  request(method: string): void;
  answered(entry: LogEntry): void;
  violation(): void;
  fault(effect: string): void;
  snapshot(): StatsSnapshot;
  pages(): ServedPage[];
  reset(): void;
}

function emptySnapshot(): StatsSnapshot {
  const writes = { created: {}, updated: {}, deleted: {} };
  return { requests: 0, byMethod: {}, writes, violations: 0, faultsFired: {}, log: [] };
}

function add(counts: Record<string, number>, name: string, by: number): void {
  counts[name] = (counts[name] ?? 0) + by;
}

export function createStats(): StatsBook {
  let current = emptySnapshot();
  let served: ServedPage[] = [];
  return {
    wrote(kind, object, count = 1) {
      add(current.writes[kind], object, count);
    },
    page(object, query) {
      if (served.length < PAGES_MAX) served.push({ object, query });
    },
    request(method) {
      current.requests += 1;
      add(current.byMethod, method, 1);
    },
    answered(entry) {
      current.log.push(entry);
      if (current.log.length > LOG_MAX) current.log.shift();
    },
    violation() {
      current.violations += 1;
    },
    fault(effect) {
      add(current.faultsFired, effect, 1);
    },
    snapshot: () => structuredClone(current),
    pages: () => served.map((page) => ({ ...page })),
    reset() {
      current = emptySnapshot();
      served = [];
    },
  };
}
