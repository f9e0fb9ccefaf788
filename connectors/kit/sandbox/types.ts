/**
 * What a vendor sandbox and the kit promise each other. A sandbox is the imitation of a remote vendor: its state lives in
 * memory, and in a file when one is asked for. The kit owns sockets, faults, counting and the control port; the vendor part owns everything
 * a client of that vendor can see.
 */
import type { Elements } from './elements.ts';
import type { FaultPlan } from './faults.ts';
import type { RateLimit } from './rate-window.ts';
import type { Screens } from './screens.ts';
import type { ServedPage, StatsSnapshot } from './stats.ts';
import type { SandboxWorld } from './world.ts';

export interface SandboxOptions {
  /** 0 or absent takes a free one. */
  port?: number;
  /** 127.0.0.1 unless said otherwise. */
  host?: string;
  /** `excavators`, `empty`, or a vendor's own such as `orders:100000`. */
  seed: string;
  controlPort?: number;
  /** Seed of all randomness; 1 when absent. */
  random?: number;
  /**
   * Keeps the state here: taken up when the file exists, written within a second of a change and on close. Sessions,
   * faults, limits and counters are not kept.
   */
  stateFile?: string;
}

export interface SandboxRequest {
  /** Upper case. */
  method: string;
  /** Decoded by nobody: as the client sent it, without the query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: Buffer;
  /** The body as JSON; undefined when it is empty; throws a SyntaxError when it is not JSON. */
  json(): unknown;
}

export interface SandboxResponse {
  status: number;
  headers?: Record<string, string | string[]>;
  /**
   * An object is sent as JSON; a string, a Buffer or a list of Buffers (one behind the other) as it is, with
   * `application/json` unless the headers say otherwise.
   */
  body?: unknown;
  /** True when this request changed state. */
  write?: boolean;
}

/** The vendor-specific part: a request handler, and the screens. */
export interface SandboxVendor extends Screens {
  system: string;
  credentials: Record<string, string>;
  /** The world given to this vendor when it was made; the server shares its stats, clock and randomness. */
  world: SandboxWorld;
  handle(request: SandboxRequest): Promise<SandboxResponse> | SandboxResponse;
  /** Lists within records, element by element; absent when its records hold none. */
  elements?: Elements;
  setDial(name: string, value: unknown): void;
  expireSessions(): void;
  /** How the vendor refuses a request for good; a fault may ask for it. */
  refusal?(request: SandboxRequest, message: string): SandboxResponse;
  close?(): void;
  /** Absent when the vendor cannot be kept in a file. */
  state?: VendorState;
}

/** What of a vendor outlives its process. Clock and randomness are kept by the kit. */
export interface VendorState {
  /** Moves on with every change of what is kept. */
  revision(): number;
  /** What is small, as JSON: sequences, subscriptions, dials. */
  settings(): object;
  /** What is big. A row is an object that is replaced and never changed. */
  rows(): Iterable<readonly [table: string, row: object]>;
  /** The row as JSON. */
  encode(table: string, row: object): unknown;
}

/** The operations of the control port, in-process. */
export interface SandboxControl extends Screens {
  stats(): StatsSnapshot;
  resetStats(): void;
  /** Every list page served since the last reset. */
  pages(): ServedPage[];
  setFaults(plan: FaultPlan): void;
  clearFaults(): void;
  setLimit(limit: RateLimit): void;
  /** Lists within records, element by element. */
  elements: Elements;
  setDial(name: string, value: unknown): void;
  /** Shifts the sandbox's clock against the machine's. */
  setClock(offsetMs: number): void;
  expireSessions(): void;
}

export interface RunningSandbox {
  system: string;
  url: string;
  controlUrl: string;
  credentials: Record<string, string>;
  control: SandboxControl;
  close(): Promise<void>;
}
