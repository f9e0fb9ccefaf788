/** Commands over the mapping of a connection: show, set, preview, roll back. What they do is what the API does. */
import { readFile } from 'node:fs/promises';
import { text as streamText } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  listVersions,
  previewMapping,
  readMapping,
  rollBack,
  saveOverride,
  type EffectiveMapping,
  type Finding,
  type MappingDeps,
} from '../../plant/mappings/mappings.ts';
import { withMappings } from '../open.ts';
import {
  connectionCalled,
  json,
  parseJson,
  print,
  readEntity,
  shown,
  type OutputOptions,
} from '../person.ts';

export function addMappingCommands(mappings: Command): void {
  addShow(mappings);
  addSet(mappings);
  addPreview(mappings);
  addRollback(mappings);
}

/** The mapping that a command speaks of. */
interface Place {
  connectionId: string;
  entity: Entity;
}

async function mapped<T>(
  options: OutputOptions,
  at: { connection: string; entity: string },
  work: (deps: MappingDeps, place: Place) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  const entity = readEntity(at.entity);
  const [{ createMappingActions }, { personDeps }] = await Promise.all([
    import('../mapping-actions.ts'),
    import('../person-deps.ts'),
  ]);
  await withMappings(async ({ sync, book, tenant }) => {
    const deps = { ...personDeps(sync, tenant.id), mappings: createMappingActions(book) };
    const { id: connectionId } = await connectionCalled(deps, at.connection);
    print(options, await work(deps, { connectionId, entity }), lines);
  });
}

function addShow(mappings: Command): void {
  mappings
    .command('show')
    .argument('<connection>')
    .argument('<entity>', 'e.g. work_order')
    .option('--versions', 'every set of changes it had, newest first')
    .addOption(json())
    .description('its rules as they hold now, or the changes that were made to it')
    .action((connection: string, entity: string, options: OutputOptions & { versions?: boolean }) =>
      options.versions === true
        ? mapped(
            options,
            { connection, entity },
            (deps, place) => listVersions(deps, place.connectionId, place.entity),
            (rows) => [
              ...(rows.length === 0 ? ['It is as it ships.'] : []),
              ...rows.map(
                (row) =>
                  `${String(row.version)}${row.active ? ' (holds)' : ''}  ${row.createdAt.toISOString()}  ${row.createdBy}  ${row.note ?? ''}  ${shown(row.document)}`,
              ),
            ],
          )
        : mapped(
            options,
            { connection, entity },
            (deps, place) => readMapping(deps, place.connectionId, place.entity),
            mappingLines,
          ),
    );
}

function addSet(mappings: Command): void {
  mappings
    .command('set')
    .argument('<connection>')
    .argument('<entity>')
    .argument('<file>', 'JSON file with the override (mappings/README.md); - reads standard input')
    .option('--note <text>', 'why; kept with the version')
    .addOption(json())
    .description('lays rules over the shipped mapping; one with an error is refused and nothing changes')
    .action(
      async (
        connection: string,
        entity: string,
        file: string,
        options: OutputOptions & { note?: string },
      ) => {
        const document = await readObject(file, 'override');
        await mapped(
          options,
          { connection, entity },
          (deps, place) => saveOverride(deps, { ...place, document, note: options.note ?? null }),
          ({ mapping, findings }) => [
            `Version ${String(mapping.override_version)} holds from the next run on.`,
            ...findings.map(findingLine),
          ],
        );
      },
    );
}

interface PreviewOptions extends OutputOptions {
  override?: string;
  record?: string;
  sample?: string;
  direction: 'pull' | 'push';
  changed?: string[];
}

function addPreview(mappings: Command): void {
  mappings
    .command('preview')
    .argument('<connection>')
    .argument('<entity>')
    .option('--override <file>', 'tries this override instead of the one that holds')
    .option(
      '--record <number>',
      'a linked hub record; the shipped example when neither this nor --sample is given',
    )
    .option('--sample <file>', 'JSON file: a record of the system to pull, or canonical fields to push')
    .addOption(
      new Option('--direction <direction>', 'what is shown').choices(['pull', 'push']).default('pull'),
    )
    .option('--changed <field...>', 'with push: the fields that changed; a create when absent')
    .addOption(json())
    .description('field by field what a rule reads and gives; nothing is stored, and the system is not asked')
    .action(async (connection: string, entity: string, options: PreviewOptions) => {
      const override = options.override === undefined ? null : await readObject(options.override, 'override');
      const sample = options.sample === undefined ? null : await readObject(options.sample, 'sample');
      await mapped(
        options,
        { connection, entity },
        async (deps, place) => {
          const found = await previewMapping(deps, {
            ...place,
            direction: options.direction,
            override,
            record: options.record ?? null,
            sample,
            changed: options.changed ?? null,
          });
          if (!found.ok || found.findings.some(({ level }) => level === 'error')) process.exitCode = 1;
          return found;
        },
        ({ fields, findings }) => [
          ...fields.map(({ field, output, errors, rule }) =>
            errors.length === 0
              ? `${field}: ${shown(output)}  <- ${shown(rule)}`
              : `${field}: ${errors.join(' ')}  <- ${shown(rule)}`,
          ),
          ...findings.map(findingLine),
        ],
      );
    });
}

function addRollback(mappings: Command): void {
  mappings
    .command('rollback')
    .argument('<connection>')
    .argument('<entity>')
    .argument('<version>', 'a number of `mappings show --versions`, or "shipped"')
    .addOption(json())
    .description('an earlier version holds again, or the mapping as it ships')
    .action((connection: string, entity: string, version: string, options: OutputOptions) => {
      if (version !== 'shipped' && !/^[1-9]\d{0,8}$/.test(version))
        throw new Failure('invalid_request', `"${version}" is no version; give its number, or "shipped".`);
      return mapped(
        options,
        { connection, entity },
        (deps, place) =>
          rollBack(deps, { ...place, version: version === 'shipped' ? null : Number(version) }),
        ({ override_version: now }) => [
          now === null ? 'It is as it ships.' : `Version ${String(now)} holds from the next run on.`,
        ],
      );
    });
}

function mappingLines(mapping: EffectiveMapping): string[] {
  const version = mapping.override_version;
  return [
    `${mapping.entity} of ${mapping.system} from ${mapping.object}, ${version === null ? 'as it ships' : `with the changes of version ${String(version)}`}`,
    `matched by ${mapping.match.length === 0 ? 'nothing' : mapping.match.map((rule) => rule.join(' + ')).join(', or ')}`,
    `conflicts: ${mapping.conflict.default}${Object.entries(mapping.conflict.fields)
      .map(([field, policy]) => `, ${field} ${policy}`)
      .join('')}`,
    ...mapping.pull.map(({ field, rule }) => `pull ${field} <- ${JSON.stringify(rule)}`),
    ...mapping.push.map(({ field, rule }) => `push ${field} <- ${JSON.stringify(rule)}`),
  ];
}

function findingLine({ level, where, message }: Finding): string {
  return `${level}: ${where} ${message}`;
}

async function readObject(file: string, what: string): Promise<JsonObject> {
  let text: string;
  try {
    text = file === '-' ? await streamText(process.stdin) : await readFile(file, 'utf8');
  } catch {
    throw new Failure('invalid_request', `The file ${file} cannot be read.`);
  }
  const value = parseJson(text, `The file ${file}`);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Failure('invalid_request', `The file ${file} must hold one JSON object: the ${what}.`);
}
