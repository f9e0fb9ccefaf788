/** `connector new <name>`: the skeleton of a connector in code, with a suite that fails until it is built. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { ENTITIES } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { json, print, type OutputOptions } from '../person.ts';
import { connectorSkeleton, identifierOf } from './connector-skeleton.ts';

const ROOT = join(import.meta.dirname, '../..');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Folders beside the connectors, and a name the mappings use for themselves. */
const TAKEN = new Set(['kit', 'engine', 'registry']);

export function addConnectorCommands(group: Command): void {
  group
    .command('new')
    .argument('<name>', 'the system in kebab-case, e.g. acme-cmms')
    .description('writes the skeleton of a new connector; its tests fail until it is built')
    .option('--title <title>', 'what people call the system; the name when absent')
    .option('--folder <folder>', 'root of the project', ROOT)
    .addOption(json())
    .action(async (name: string, options: OutputOptions & { title?: string; folder: string }) => {
      const files = await newConnector({ name, folder: options.folder, title: options.title ?? name });
      print(options, { files }, () => [...files, ...nextSteps(name)]);
    });
}

/** Writes the files and gives their paths, relative to the folder; refuses names that are in use. */
export async function newConnector(wanted: {
  name: string;
  title: string;
  folder: string;
}): Promise<string[]> {
  const { name, folder } = wanted;
  if (!NAME.test(name) || name.length > 40) {
    throw new Failure(
      'invalid_request',
      `"${name}" is no name for a connector; use lower-case words joined with "-", such as acme-cmms.`,
    );
  }
  const system = name.replaceAll('-', '_');
  const places = [join('connectors', name), join('mappings', system)];
  for (const place of places) {
    if (TAKEN.has(name) || (await exists(join(folder, place)))) {
      throw new Failure(
        'invalid_request',
        `${place} exists already; choose another name or remove it first.`,
      );
    }
  }
  const files = connectorSkeleton({ name, system, title: wanted.title, entities: ENTITIES });
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    // Never over something that came into being meanwhile.
    await writeFile(file, text, { flag: 'wx' });
  }
  return files.map(([path]) => path);
}

function nextSteps(name: string): string[] {
  const own = identifierOf(name);
  return [
    '',
    'Next:',
    `  1. docs/adding-a-connector.md is the checklist; connectors/${name}/README.md the place for what you find out.`,
    `  2. node --experimental-vm-modules node_modules/jest/bin/jest.js connectors/${name}   fails until sandbox and connector are built.`,
    `  3. A first mapping in mappings/${name.replaceAll('-', '_')}/, then add ${own} to connectors/registry.ts, its line to connectors/conformance.test.ts, its sandbox to cli/sandboxes.ts.`,
  ];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
