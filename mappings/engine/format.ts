/**
 * The mapping format: what a `mappings/<system>/<entity>.yaml` file may say, and what the engine makes of it.
 * Example:
 *
 *   system: maximo
 *   entity: work_order
 *   object: mxapiwodetail
 *   match:                       # tried in order; a rule applies when all its fields are present on both sides
 *     - [title, asset, requestedAt]
 *   conflict: { default: newest, fields: { status: external, description: manual } }
 *   pull:                        # canonical field <- vendor record
 *     title:      { path: description, type: text, required: true, maxLength: 1000 }
 *     status:     { path: status_maxvalue, values: { WAPPR: requested, APPR: scheduled }, otherwise: fail }
 *     asset:      { key: [siteid, assetnum] }          # joined with "|"; nothing when a part is missing
 *     dueAt:      { path: targcompdate, type: instant }
 *     estimatedMinutes: { path: estdur, type: number, factor: 60 }
 *     tasks:      { each: woactivity, item: { sequence: { path: taskid, type: integer }, title: { path: description } }, sort: [sequence] }
 *     description: { path: description_longdescription, html: true }
 *     onHand:     { expr: '$sum(inventory.curbaltotal)' }   # JSONata only where a rule cannot say it
 *   push:                        # vendor field <- canonical record
 *     description: { from: title, type: text, maxLength: 100, truncate: true }
 *     assetnum:    { from: asset, part: 1 }            # second segment of the target's external id
 *     status:      { from: status, values: { requested: WAPPR, scheduled: APPR } }
 *     targcompdate: { from: dueAt, precision: second }
 *     siteid:      { from: [asset, location], expr: '...', on: create }
 *
 * `context` (connection settings such as a default site, value maps) is readable in expressions as `$context`, and in place
 * of any path as `$context.name`. Every key of a rule is described in `mappings/README.md`.
 */
import type { ConflictPolicy } from '../../domain/merge/decision.ts';
import type { FieldShapes } from '../../domain/entities/field-shape.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';

/** One field that could not be mapped; the record goes to quarantine with these. */
export interface FieldProblem {
  /** Path in the target, e.g. `status` or `tasks[2].title`. */
  path: string;
  /** One sentence: what was found, what is allowed, what to change. Never the whole record. */
  message: string;
  /** `mappings/maximo/work_order.yaml:14` */
  rule: string;
}

export type PullResult =
  | { ok: true; fields: JsonObject; comments: MappedCommentLike[] }
  | {
      ok: false;
      problems: FieldProblem[];
      /** What the other rules gave, for previews; nothing may be stored of it. */
      partial?: JsonObject;
    };

export interface MappedCommentLike {
  externalId: string;
  text: string;
  author?: string | undefined;
  at?: string | undefined;
}

export type PushResult = { ok: true; payload: JsonObject } | { ok: false; problems: FieldProblem[] };

/** A mapping compiled once and used for every record. Pure: no clock, no I/O, deterministic. */
export interface CompiledMapping {
  readonly system: string;
  readonly entity: Entity;
  readonly object: string;
  /** sha256 of the normalised rules: what a run records as the version it used. */
  readonly version: string;
  /** Canonical fields the pull rules produce (without `comments`). */
  readonly pullFields: readonly string[];
  /** Canonical fields that at least one push rule reads: only these are ever pushed. */
  readonly pushFields: readonly string[];
  readonly match: readonly (readonly string[])[];
  /** The fields the merge looks into, with what each is made of. */
  readonly shapes: FieldShapes;
  policy(field: string): ConflictPolicy;
  /**
   * The canonical fields a push of `changed` writes: `changed` and every field that shares a push rule with one of them
   * (status and holdReason both become the vendor's status). After our own write these get a new external base, so
   * that a lossy vendor value is not taken for somebody's change.
   */
  affected(changed: ReadonlySet<string>): ReadonlySet<string>;
  /**
   * Vendor record to canonical fields. Absent and null values are left out. Reference fields hold the target's
   * *external id*; the caller resolves them. The result satisfies the entity's schema (references as strings), else problems.
   */
  pull(raw: JsonObject, context: JsonObject): Promise<PullResult>;
  /** The same at once; null when an expression needs the interpreter for this record. */
  pullNow(raw: JsonObject, context: JsonObject): PullResult | null;
  /**
   * Canonical fields to a vendor payload. `fields` holds the whole canonical record with references already turned into
   * the target system's external ids. `changed` limits the payload to vendor fields whose rules read one of these
   * fields; null means a create: all rules, `on: create` included. A canonical field that is absent clears the vendor
   * field (null) on update, and is left out on create.
   */
  push(fields: JsonObject, changed: ReadonlySet<string> | null, context: JsonObject): Promise<PushResult>;
  /** The same at once; null when an expression needs the interpreter for this record. */
  pushNow(fields: JsonObject, changed: ReadonlySet<string> | null, context: JsonObject): PushResult | null;
}

export type { Json };
