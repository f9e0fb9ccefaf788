/**
 * The boundary between what SAP's objects mean and how they are reached (contract 6). Reading and writing above it speak of
 * domains, field names and named actions; only a transport knows tokens, cookies, etags, paging links, literals and commits.
 * OData is the one there is; an RFC bridge or an IDoc queue would implement the same interface.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { DiscoveredSchema } from '../kit/contract.ts';

export const DOMAINS = [
  'order',
  'notification',
  'equipment',
  'location',
  'item',
  'plan',
  'product',
  'stock',
  'point',
  'document',
] as const;
export type Domain = (typeof DOMAINS)[number];

/** A row of SAP: dates as `2031-05-04`, moments as RFC 3339 UTC, times as `10:20:30`, children as arrays or objects; what is initial is absent. */
export interface SapRow {
  doc: JsonObject;
  /** Opaque mark of the row's state; null when the transport has none. */
  version: string | null;
  /** Marks of child rows by their place, e.g. `to_LongText` or `to_MaintenanceOrderOperation.0`. */
  childVersions: ReadonlyMap<string, string>;
}

export type ValueKind = 'text' | 'instant' | 'date';
export interface Condition {
  field: string;
  op: 'eq' | 'ne' | 'ge' | 'gt' | 'lt';
  value: string | boolean;
  kind: ValueKind;
}
/** Every element must hold; an inner list is a choice of which one must hold, each of conditions that must all hold. */
export type Where = readonly (Condition | readonly (readonly Condition[])[])[];

export interface ListQuery {
  where: Where;
  /** Field names; ` desc` may follow. The key comes last, so that a page has one order. */
  orderBy: readonly string[];
  top: number;
  /** Only the fields named, without children. */
  only?: readonly string[];
}

/** One change of a unit of work: to the object itself or to a child below it. */
export type Change =
  | { kind: 'patch'; fields: JsonObject }
  /** A row of a set of its own whose key is the parent's. */
  | { kind: 'insert'; set: string; fields: JsonObject }
  | { kind: 'add'; below: readonly Below[]; child: string; fields: JsonObject }
  | { kind: 'edit'; set: string; key: JsonObject; version: string | null; fields: JsonObject }
  | { kind: 'drop'; set: string; key: JsonObject; version: string | null };
/** A parent on the way from the object to a new child. */
export interface Below {
  set: string;
  key: JsonObject;
}

/** What an action is told beside the object's key; `undefined` is left out. */
export type Arguments = Readonly<
  Record<string, { value: Json; kind: ValueKind | 'boolean' | 'time' } | undefined>
>;

export interface SapTransport {
  /** Who we are there, and which release of the service answers. */
  probe(): Promise<{ account: string; version: string | null }>;
  /** Who we are there, and which client's data we see; null where neither settings nor answers say it. */
  identity(): Promise<{ account: string; client: string | null }>;
  /** One page; `more` when the server cut it short or it is full. */
  list(domain: Domain, query: ListQuery): Promise<{ rows: SapRow[]; more: boolean }>;
  /** Several lists at once, each to its end or to its `top`. */
  lists(domain: Domain, queries: readonly ListQuery[]): Promise<SapRow[][]>;
  get(domain: Domain, key: JsonObject): Promise<SapRow | null>;
  /** The created row as SAP answers it; children stand under their navigation names. Never repeated by itself. */
  create(domain: Domain, fields: JsonObject): Promise<SapRow>;
  /** All of them or none; refused as `conflict` with code `STALE` when the row is no longer at `version`. */
  change(domain: Domain, key: JsonObject, changes: readonly Change[], version: string | null): Promise<void>;
  /** A named action on one row. */
  act(
    domain: Domain,
    key: JsonObject,
    action: string,
    args: Arguments,
    version: string | null,
  ): Promise<void>;
  /** What the system says its rows look like, by entity. */
  describe(entities: Readonly<Partial<Record<Entity, Domain>>>): Promise<DiscoveredSchema>;
  close(): void;
}
