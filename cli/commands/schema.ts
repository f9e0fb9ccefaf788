/** Commands over what systems say of their records: show, look now, and what drifted. */
import type { Command } from 'commander';
import { createSchemaActions } from '../../activities/sync/schema/schema-actions.ts';
import { findConnection, LIST_MAX, type PersonDeps } from '../../plant/person.ts';
import {
  acknowledgeDrift,
  lookNow,
  readDrift,
  readSchema,
  releaseDrift,
  type DriftRow,
} from '../../plant/schemas/schemas.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { withProgram } from '../open.ts';
import { json, look, none, personDeps, print, readEntity, shown, type OutputOptions } from '../person.ts';
import { pokeAll } from '../wiring.ts';

export function addSchemaCommands(program: Command): void {
  const schema = program
    .command('schema')
    .description('what systems say their records look like, and where that drifted');
  schema
    .command('show')
    .argument('<connection>')
    .option('--entity <entity>')
    .addOption(json())
    .description('fields by entity, as last seen')
    .action((name: string, options: OutputOptions & { entity?: string }) =>
      look(
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
        async (deps, schemas) => lookNow({ ...deps, schemas }, await idOf(deps, name)),
        ({ failure, found, ended }) =>
          failure === null
            ? [`${String(found)} new drifts, ${String(ended)} are over.`]
            : [`Nothing was seen: ${failure.message}`],
      ),
    );
  const drift = schema.command('drift').description('mapping rules that lost their source or target');
  drift
    .command('list')
    .argument('<connection>')
    .option('--all', 'also those that are over')
    .addOption(json())
    .description('oldest first')
    .action((name: string, options: OutputOptions & { all?: boolean }) =>
      look(
        options,
        async (deps) =>
          readDrift(deps, await idOf(deps, name), {
            open: options.all !== true,
            after: null,
            limit: LIST_MAX,
          }),
        (rows) => [...none(rows, 'The mappings fit what the system says.'), ...rows.map(driftLine)],
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
        async (deps, schemas) => releaseDrift({ ...deps, schemas }, await idOf(deps, name), ids),
        (rows) => rows.map((row) => `${row.rule} of ${row.entity} holds again.`),
      ),
    );
}

async function change<T>(
  options: OutputOptions,
  work: (deps: PersonDeps, schemas: ReturnType<typeof createSchemaActions>) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  await withProgram(async ({ program, tenant }) => {
    const result = await work(personDeps(program, tenant.id), createSchemaActions(program.sync));
    await pokeAll(program, tenant.id);
    print(options, result, lines);
  });
}

async function idOf(deps: PersonDeps, name: string): Promise<string> {
  return deps.store.inTenant(deps.tenantId, async (tx) => (await findConnection(tx, name)).id);
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
