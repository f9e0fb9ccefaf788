/**
 * Explains a hub record over all systems: for every field its value, how each system shows it, who is newest, and the
 * decision that gave it its value. Reads only.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { referencesOf } from '../../domain/entities/references.ts';
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import { rootOf } from '../../domain/merge/value-path.ts';
import { openDrift, type DriftRow } from '../../store/connections/discovered-schemas.ts';
import { listAudit, type AuditEntry } from '../../store/access/audit.ts';
import { conflictsOfRecord, type ConflictRow } from '../../store/exceptions/conflict-list.ts';
import {
  commentsOfRecord,
  linksOfRecord,
  logOfRecord,
  namesOf,
  pushesOfRecord,
  type CommentView,
  type LinkView,
  type LogView,
  type WaitView,
} from '../../store/runs/explain.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { fieldsHeldBy } from '../mappings/field-actions.ts';
import type { PersonDeps } from '../person.ts';
import { requireRecord } from './records.ts';

/** Decisions looked through for the origin of a value. */
const LOG_MAX = 500;

/** How one system stands to one field. */
export interface FieldView {
  connection: string;
  /** The hub's value when both sides last agreed. */
  base: Json;
  /** The system's value, as its mapping showed it last. */
  external: Json;
  /**
   * `conflict`: a person has to decide; `push_due`: the hub changed since; `agreed`: neither did; `not_written`: the hub's
   * value differs, and the mapping of that system writes no such field; `held`: the system's schema drifted, the field waits.
   */
  state: 'agreed' | 'push_due' | 'conflict' | 'not_written' | 'held';
  /** Why it waits; null unless it is held. */
  held: string | null;
}

export interface FieldExplanation {
  field: string;
  value: Json;
  /** When the hub's value last changed. */
  changedAt: string;
  /** `hub`, or the connection whose record changed after that. */
  newest: string;
  /** One sentence: where the value comes from. */
  origin: string;
  views: FieldView[];
  conflicts: ConflictRow[];
}

export interface Explanation {
  id: string;
  entity: Entity;
  number: string;
  version: number;
  deletedAt: string | null;
  fields: FieldExplanation[];
  links: Omit<LinkView, 'baseHub' | 'baseExternal'>[];
  comments: CommentView[];
  /** Pushes that have not happened yet. */
  pushes: WaitView[];
  /** Newest first. */
  log: LogView[];
  audit: AuditEntry[];
  /** What references stand for: hub id to number and name. */
  names: Record<string, { number: string; name: string | null }>;
}

export async function explainRecord(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'steps'>,
  number: string,
): Promise<Explanation> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await requireRecord(tx, number);
    const links = await linksOfRecord(tx, hub.id);
    const conflicts = await conflictsOfRecord(tx, hub.id, LOG_MAX);
    const log = await logOfRecord(tx, hub.id, LOG_MAX);
    const drift = new Map<string, DriftRow[]>();
    for (const { connectionId: id } of links) drift.set(id, await openDrift(tx, id));
    const edits = await listAudit(tx, `record/${hub.id}`, LOG_MAX);
    const shown = [hub.fields, ...links.flatMap((link) => [link.baseHub, link.baseExternal])];
    const referenced = shown.flatMap((fields) => referencesOf(hub.entity, fields).map(({ value }) => value));
    const names = [
      ...new Set([...shown.flatMap(Object.keys), ...conflicts.map(({ field }) => rootOf(field))]),
    ].sort();
    return {
      id: hub.id,
      entity: hub.entity,
      number: hub.number,
      version: hub.version,
      deletedAt: hub.deletedAt?.toISOString() ?? null,
      fields: names.map((field) =>
        explainField({
          hub,
          field,
          links,
          log,
          edits,
          conflicts: conflicts.filter((one) => rootOf(one.field) === field),
          heldAt: (connectionId) =>
            drift
              .get(connectionId)
              ?.find(
                (row) => row.entity === hub.entity && row.effect === 'held' && row.fields.includes(field),
              )?.detail ?? null,
          writes: (system) => deps.steps.mappedFields(system, hub.entity).pushed.includes(field),
        }),
      ),
      links: links.map(({ baseHub: _hub, baseExternal: _external, ...link }) => link),
      comments: await commentsOfRecord(tx, hub.id),
      pushes: await pushesOfRecord(tx, hub.id),
      log,
      audit: edits,
      names: Object.fromEntries(await namesOf(tx, [...new Set(referenced)])),
    };
  });
}

interface FieldFacts {
  hub: HubRecord;
  field: string;
  links: readonly LinkView[];
  log: readonly LogView[];
  edits: readonly AuditEntry[];
  conflicts: ConflictRow[];
  /** Why the field waits at a connection. */
  heldAt(connectionId: string): string | null;
  /** Whether that system's mapping writes the field. */
  writes(system: string): boolean;
}

function explainField(facts: FieldFacts): FieldExplanation {
  const { hub, field, links, conflicts } = facts;
  const value = hub.fields[field] ?? null;
  const changedAt = hub.fieldAt[field] ?? hub.fieldAt['*'] ?? hub.createdAt.toISOString();
  const later = links
    .filter(({ externalUpdatedAt: at }) => at !== null && at.toISOString() > changedAt)
    .sort((a, b) => Number(b.externalUpdatedAt) - Number(a.externalUpdatedAt));
  return {
    field,
    value,
    changedAt,
    newest: later[0]?.connection ?? 'hub',
    origin: originOf(facts),
    views: links.map((link): FieldView => {
      const base = link.baseHub[field] ?? null;
      const open = conflicts.some((one) => one.connectionId === link.connectionId && one.resolvedAt === null);
      const held = facts.heldAt(link.connectionId);
      return {
        connection: link.connection,
        held,
        base,
        external: link.baseExternal[field] ?? null,
        state: open
          ? 'conflict'
          : held !== null
            ? 'held'
            : jsonEqual(value, base)
              ? 'agreed'
              : facts.writes(link.system)
                ? 'push_due'
                : 'not_written',
      };
    }),
    conflicts,
  };
}

/** The newest decision that set the field: of a person, of the merge, or the record's creation. */
function originOf({ hub, field, log, edits }: FieldFacts): string {
  const edit = edits.find(
    ({ action, after }) => fieldsHeldBy(action) !== null && editedAt(after, field) !== undefined,
  );
  const merge = log.flatMap((entry) => settingDecision(entry, field)).at(0);
  const created = log.find(({ action }) => action === 'created');
  if (edit !== undefined && (merge === undefined || edit.at >= merge.entry.at.toISOString())) {
    if (fieldsHeldBy(edit.action) === 'created') {
      return `came with the record, which ${edit.actor} made at ${edit.at}`;
    }
    const path = editedAt(edit.after, field) ?? field;
    const before = isObject(edit.before) ? edit.before[path] : null;
    const how = edit.action === 'conflict.resolve' ? 'decided' : 'set';
    return `${how} by ${edit.actor} at ${edit.at}, before it was ${show(before)}`;
  }
  if (merge !== undefined) {
    const { entry, decision } = merge;
    const why =
      decision['rule'] === 'conflict'
        ? `it won a conflict by the policy "${show(decision['policy'])}"`
        : decision['rule'] === 'newest_reading'
          ? 'it is the newer reading'
          : 'only it had changed';
    return `taken from ${entry.connection ?? 'a removed connection'} at ${entry.at.toISOString()}, because ${why}; before it was ${show(decision['hub'])}`;
  }
  if (created !== undefined) {
    return `came with the record from ${created.connection ?? 'a removed connection'} at ${created.at.toISOString()}`;
  }
  return `made in the hub at ${hub.createdAt.toISOString()}`;
}

function settingDecision(entry: LogView, field: string): { entry: LogView; decision: JsonObject }[] {
  if (!Array.isArray(entry.decisions)) return [];
  return entry.decisions.flatMap((decision) =>
    isObject(decision) &&
    typeof decision['field'] === 'string' &&
    rootOf(decision['field']) === field &&
    (decision['rule'] === 'take_external' || decision['winner'] === 'external')
      ? [{ entry, decision }]
      : [],
  );
}

/** The field, or the value inside it, that an edit set. */
function editedAt(after: Json, field: string): string | undefined {
  return isObject(after) ? Object.keys(after).find((path) => rootOf(path) === field) : undefined;
}

function show(value: Json | undefined): string {
  if (value === undefined || value === null) return 'empty';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
