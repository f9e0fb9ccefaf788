/** Commands over what systems say of their records: show, look now, and what drifted. */
import type { Command } from 'commander';
import { LIST_MAX } from '../../plant/person.ts';
import {
  acknowledgeDrift,
  lookNow,
  readDrift,
  readSchema,
  releaseDrift,
  type DriftRow,
  type SchemaDeps,
} from '../../plant/schemas/schemas.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import {
  connectionCalled,
  json,
  lookInStore,
  none,
  operate,
  readEntity,
  shown,
  type OutputOptions,
} from '../person.ts';
import type { StoreDeps } from '../store-deps.ts';

export function addSchemaCommands(schema: Command): void {
  addLooks(schema);
  addDriftCommands(schema.command('drift').description('mapping rules that lost their source or target'));
}

function addLooks(schema: Command): void {
  schema
    .command('show')
    .argument('<connection>')
    .option('--entity <entity>')
    .addOption(json())
    .description('fields by entity, as last seen')
    .action((name: string, options: OutputOptions & { entity?: string }) =>
      lookInStore(
        options,
        async (deps) => {
          const found = await readSchema(deps, await idOf(deps, name));
          const entity = options.entity === undefined ? null : readEntity(options.entity);
          return {
            ...found,
            entities: found.entities.filter((row) => entity === null || row.entity === entity),
          };
        },
        ({ look: last, entities }) => [
          ...none(last === null ? [] : [last], 'Nobody looked yet; say `schema look`.'),
          ...(last?.failure == null ? [] : [`The last look saw nothing: ${last.failure.message}`]),
          ...entities.flatMap((row) => [
            `${row.entity}  ${row.object}  from ${row.source}, seen ${row.lastSeen.toISOString()}`,
            ...fieldLines(row.fields, '  '),
          ]),
        ],
      ),
    );
  schema
    .command('look')
    .argument('<connection>')
    .addOption(json())
    .description('looks at the system now')
    .action((name: string, options: OutputOptions) =>
      change(
        options,
        async (deps) => lookNow(deps, await idOf(deps, name)),
        ({ failure, found, ended }) =>
          failure === null
            ? [`${String(found)} new drifts, ${String(ended)} are over.`]
            : [`Nothing was seen: ${failure.message}`],
      ),
    );
}

function addDriftCommands(drift: Command): void {
  drift
    .command('list')
    .argument('<connection>')
    .option('--all', 'also those that are over')
    .addOption(json())
    .description('oldest first')
    .action((name: string, options: OutputOptions & { all?: boolean }) =>
      lookInStore(
        options,
        async (deps) =>
          readDrift(deps, await idOf(deps, name), {
            open: options.all !== true,
            after: null,
            limit: LIST_MAX,
          }),
        (rows) => [
          ...none(
            rows,
            'No rule lost its source or target since the first look. Records that cannot be mapped are in `quarantine list`.',
          ),
          ...rows.map(driftLine),
        ],
      ),
    );
  drift
    .command('acknowledge')
    .argument('<connection>')
    .argument('<id...>')
    .addOption(json())
    .description('says that somebody knows; what is held stays held')
    .action((name: string, ids: string[], options: OutputOptions) =>
      change(
        options,
        async (deps) => acknowledgeDrift(deps, await idOf(deps, name), ids),
        (rows) => rows.map((row) => `${row.rule} of ${row.entity} is acknowledged.`),
      ),
    );
  drift
    .command('release')
    .argument('<connection>')
    .argument('<id...>')
    .addOption(json())
    .description('lets the rules hold again; a field that is still gone counts as empty there')
    .action((name: string, ids: string[], options: OutputOptions) =>
      change(
        options,
        async (deps) => releaseDrift(deps, await idOf(deps, name), ids),
        (rows) => rows.map((row) => `${row.rule} of ${row.entity} holds again.`),
      ),
    );
}

async function change<T>(
  options: OutputOptions,
  work: (deps: SchemaDeps) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  await operate(
    options,
    async (deps, program) => {
      const [{ createSchemaActions }, { pokeAll }] = await Promise.all([
        import('../../activities/sync/schema/schema-actions.ts'),
        import('../wiring.ts'),
      ]);
      const result = await work({ ...deps, schemas: createSchemaActions(program.sync) });
      await pokeAll(program, deps.tenantId);
      return result;
    },
    lines,
  );
}

async function idOf(deps: Pick<StoreDeps, 'store' | 'tenantId'>, name: string): Promise<string> {
  return (await connectionCalled(deps, name)).id;
}

function fieldLines(fields: JsonObject, indent: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!isObject(field)) return [];
    const marks = [
      shown(field['type']),
      ...(field['maxLength'] === undefined ? [] : [`of ${shown(field['maxLength'])}`]),
      ...(field['nullable'] === false ? ['required'] : []),
      ...(field['readOnly'] === true ? ['read-only'] : []),
    ];
    const item = field['item'] ?? null;
    return [
      `${indent}${name}: ${marks.join(', ')}`,
      ...(isObject(item) ? fieldLines(item, `${indent}  `) : []),
    ];
  });
}

function driftLine(row: DriftRow): string {
  const end =
    row.resolvedAt === null
      ? row.acknowledgedBy === null
        ? ''
        : `  known to ${row.acknowledgedBy}`
      : `  over since ${row.resolvedAt.toISOString()} (${row.resolution ?? ''})`;
  return `${row.id}  ${row.entity} ${row.direction} ${row.rule}: ${row.effect}. ${row.detail}  since ${row.since.toISOString()}${end}`;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
