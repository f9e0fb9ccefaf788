/**
 * What a look at the vendor's schema changes here: the version is kept, drift is noted, and what came back is taken up
 * again. One transaction, under the connection's lock, so that no page is written between two of its statements.
 */
import { ENTITIES, type Entity } from '../../../domain/entities/index.ts';
import { versionOfRules } from '../../../domain/merge/held-fields.ts';
import { jsonEqual, type JsonObject } from '../../../domain/json.ts';
import { entitySync } from '../../../domain/sync-settings.ts';
import type { DiscoveredSchema } from '../../../connectors/kit/contract.ts';
import type { Drift, SchemaFields } from '../../../mappings/engine/drift.ts';
import type { ConnectionRow } from '../../../store/connections/connections.ts';
import type {
  DriftRow,
  NewDrift,
  SchemaRow,
  SchemaScope,
} from '../../../store/connections/discovered-schemas.ts';
import type { Tx } from '../../../store/index.ts';
import type { SyncDeps } from '../context.ts';
import { capabilitiesOf } from '../direction.ts';

export interface LookResult {
  /** Why nothing was seen. */
  failure: { kind: string; message: string } | null;
  /** Drifts that were not known before. */
  found: number;
  /** Drifts that ended. */
  ended: number;
}

/** The rule of a drift that is about a whole entity. */
export const WHOLE_ENTITY = '*';

export async function storeLook(
  deps: SyncDeps,
  tx: Tx,
  connection: ConnectionRow,
  scope: SchemaScope,
  discovered: DiscoveredSchema,
): Promise<Omit<LookResult, 'failure'>> {
  const { repo } = deps;
  const latest = new Map((await repo.schemas.latest(tx, connection.id)).map((row) => [row.entity, row]));
  const open = await repo.drift.open(tx, connection.id);
  const compared = (await repo.schemas.lastLook(tx, connection.id))?.mappingVersions ?? {};
  const versions = ruleVersions(deps, connection);
  const noted: NewDrift[] = [];
  const ended: { row: DriftRow; returned: boolean }[] = [];
  for (const entity of ENTITIES) {
    const known = open.filter((row) => row.entity === entity);
    const now = discovered.entities[entity];
    const before = latest.get(entity);
    if (now === undefined) {
      if (before !== undefined && discovered.source === 'metadata')
        noted.push(entityLost(deps, entity, before));
      continue;
    }
    // What was drawn from samples says less than a description that was there before: it does not take its place.
    const lesser = before?.source === 'metadata' && discovered.source === 'samples';
    const fields = { ...remembered(before, discovered.source), ...(now.fields as unknown as JsonObject) };
    if (!lesser)
      await repo.schemas.keep(tx, scope, { entity, object: now.object, source: discovered.source, fields });
    if (before === undefined) continue;

    const baseline = { ...before.fields };
    for (const row of known) if (row.before !== null) baseline[topOf(row.path)] = row.before;
    const change = {
      before: baseline as unknown as SchemaFields,
      after: now.fields as SchemaFields,
      complete: before.source === 'metadata' && discovered.source === 'metadata',
    };
    const drifts = deps.drift(connection, entity, change);
    // A look that proves no absence does not prove either that what was lost is back.
    const unseen = deps
      .drift(connection, entity, { ...change, complete: true })
      .filter(({ kind }) => kind === 'lost');
    const still = new Set([...drifts, ...unseen].map(keyOf));
    for (const row of known) {
      if (still.has(keyOf(row))) continue;
      const same = versions[entity] === compared[entity];
      const asBefore = jsonEqual((now.fields as unknown as JsonObject)[topOf(row.path)] ?? null, row.before);
      ended.push({ row, returned: same || asBefore });
    }
    noted.push(
      ...drifts.map((drift): NewDrift => ({
        ...drift,
        id: deps.newId(),
        entity,
        before: baseline[topOf(drift.path)] ?? null,
      })),
    );
  }
  const openKeys = new Set(open.map((row) => `${row.entity} ${keyOf(row)}`));
  const found = noted.filter((drift) => !openKeys.has(`${drift.entity} ${keyOf(drift)}`));
  await repo.drift.note(tx, scope, noted);
  for (const returned of [true, false]) {
    const rows = ended.filter((one) => one.returned === returned).map(({ row }) => row);
    await endDrift(deps, tx, connection, scope, rows, {
      resolution: returned ? 'returned' : 'mapping',
      by: null,
    });
  }
  await repo.schemas.recordLook(tx, scope, { failure: null, mappingVersions: versions });
  if (scope.runId !== null && found.length + ended.length > 0) {
    const compiled = await repo.connections.load(tx, connection.id);
    await repo.runs.setMappings(tx, scope.runId, mappingVersions(deps, compiled));
  }
  return { found: found.length, ended: ended.length };
}

/**
 * Drift that is over: the rules hold again. What people changed in the hub meanwhile is queued; what the vendor changed
 * is found by reading the entity from its start, and until then nothing is written there.
 */
export async function endDrift(
  deps: SyncDeps,
  tx: Tx,
  connection: ConnectionRow,
  scope: SchemaScope,
  rows: readonly DriftRow[],
  how: { resolution: NonNullable<DriftRow['resolution']>; by: string | null },
): Promise<void> {
  const { repo } = deps;
  if (rows.length === 0) return;
  await repo.drift.resolve(
    tx,
    rows.map(({ id }) => id),
    { ...how, at: scope.at },
  );
  for (const entity of ENTITIES) {
    const freed = rows.filter((row) => row.entity === entity && row.effect !== 'none');
    if (freed.length === 0) continue;
    await repo.pushes.enqueueDiffering(tx, { ...scope, entity }, [
      ...new Set(freed.flatMap(({ fields }) => fields)),
    ]);
    if (!isPulled(deps, connection, entity) || freed.every(({ direction }) => direction === 'push')) continue;
    if (freed.some(({ effect }) => effect === 'quarantine'))
      await repo.links.forgetQuarantinedContent(tx, connection.id, entity);
    await repo.schemas.wantReread(tx, scope, entity);
  }
}

/** Whether an entity is read again from its start and nothing may be written there before that. */
export function awaitsReading(
  deps: Pick<SyncDeps, 'connector'>,
  connection: ConnectionRow,
  entity: Entity,
): boolean {
  return connection.reread[entity] !== undefined && isPulled(deps, connection, entity);
}

function isPulled(deps: Pick<SyncDeps, 'connector'>, connection: ConnectionRow, entity: Entity): boolean {
  return (
    entitySync(connection.config, entity).pull && capabilitiesOf(deps, connection)[entity].pull !== 'none'
  );
}

/** Entity to the version of its mapping, as a run records it. */
export function mappingVersions(
  deps: Pick<SyncDeps, 'mapping'>,
  connection: ConnectionRow,
): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const entity of ENTITIES) {
    const mapping = deps.mapping(connection, entity);
    if (mapping !== null) versions[entity] = mapping.version;
  }
  return versions;
}

/** The same without what is held: another one means that somebody changed the rules. */
export function ruleVersions(
  deps: Pick<SyncDeps, 'mapping'>,
  connection: ConnectionRow,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mappingVersions(deps, connection)).map(([entity, version]) => [
      entity,
      versionOfRules(version),
    ]),
  );
}

/** Fields that only records showed: they are remembered, because others need not happen to show them again. */
function remembered(before: SchemaRow | undefined, source: DiscoveredSchema['source']): JsonObject {
  if (before?.source !== source) return {};
  if (source === 'samples') return before.fields;
  const fields = Object.entries(before.fields as unknown as SchemaFields);
  return Object.fromEntries(fields.filter(([, { sampled }]) => sampled === true)) as unknown as JsonObject;
}

function entityLost(deps: SyncDeps, entity: Entity, before: SchemaRow): NewDrift {
  return {
    id: deps.newId(),
    entity,
    direction: 'pull',
    rule: WHOLE_ENTITY,
    fields: [],
    path: before.object,
    kind: 'lost',
    effect: 'none',
    detail: `The system describes no ${before.object} any more; its service may be closed to us.`,
    before: null,
  };
}

function keyOf({
  direction,
  rule,
  path,
  kind,
}: Pick<Drift, 'direction' | 'rule' | 'path'> & { kind: string }): string {
  return [direction, rule, path, kind].join(' ');
}

function topOf(path: string): string {
  return path.split('.')[0] ?? path;
}
