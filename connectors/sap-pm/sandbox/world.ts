/** What the parts of one sandboxed system share, and who is calling. */
import type { Paging, Past, SandboxRequest, SandboxWorld, WriteKind } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import type { Service } from './services.ts';
import type { Database, Row } from './tables.ts';

export interface World {
  kit: SandboxWorld;
  db: Database;
  dials: Dials;
  past: Past<string, Row>;
  paging: Paging;
  /** Cache of rendered rows. */
  texts: TextCache;
}

/** Row texts by shape; a replaced row is another object. A WeakMap would cost more in collection than it saves. */
export type TextCache = Map<string, Map<object, string>>;

export interface Call {
  world: World;
  request: SandboxRequest;
  service: Service;
  /** `http://host:port/sap/opu/odata/sap/API_X`, as the client addressed it. */
  root: string;
  user: string;
  language: 'EN' | 'DE';
  /** Writes of this call, counted when it succeeds. */
  written: { kind: WriteKind; object: string }[];
  /** A person in SAP's own screens. */
  person: boolean;
}
