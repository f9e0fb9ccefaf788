/** Record access as a person in Maximo's own screens has it, for the control port; the rules are those of the API. */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Row } from './database.ts';
import { compileSelect, hrefIn } from './emit.ts';
import { createJsonWriter } from './json-writer.ts';
import type { ObjectStructure } from './model.ts';
import { createRecord, updateRecord } from './write-record.ts';
import type { User, World } from './world.ts';
import type { WriteContext } from './write-context.ts';

export interface Screens {
  objects(): string[];
  list(object: string): object[];
  insert(object: string, fields: Record<string, unknown>): object;
  change(object: string, id: string, fields: Record<string, unknown>): object;
  remove(object: string, id: string): void;
}

/** A list of all rows goes through memory piece by piece. */
const SCREEN_BYTES = 64 * 1024;
const SCREEN_OPTIONS = { lean: true, internalValues: true, dropNulls: true, collectionRefs: false };

/** Everything of a row, its children and its long description included. */
function showAll(world: World, structure: ObjectStructure): (row: Row) => object {
  const long = structure.mbo.attributes.has('description_longdescription');
  const items = [
    ...(long ? [{ kind: 'attribute' as const, path: ['description_longdescription'], alias: null }] : []),
    ...structure.children.map((child) => ({
      kind: 'children' as const,
      path: [child.name],
      node: { all: true, items: [] },
    })),
  ];
  const out = createJsonWriter(SCREEN_BYTES);
  const select = compileSelect(world, structure, { all: true, items }, SCREEN_OPTIONS);
  return (row) => {
    const href = hrefIn(structure, row, `os/${structure.name}`);
    out.begin();
    select.write(out, row, href);
    const shown = JSON.parse(out.slab().toString('utf8', out.from(), out.to())) as object;
    return { id: String(row.uid), ...shown };
  };
}

export function createScreens(world: World, person: User): Screens {
  const structureOf = (object: string): ObjectStructure => {
    const wanted = object.toLowerCase();
    const { structures } = world.db.model;
    const found =
      structures.get(wanted) ??
      [...structures.values()].find((entry) => entry.mbo.name.toLowerCase() === wanted);
    if (found === undefined) throw new TypeError(`The Maximo sandbox has no object ${object}.`);
    return found;
  };
  const context = (): WriteContext => ({ world, user: person, at: world.stamp.forWrite(), written: [] });
  const show = (structure: ObjectStructure, row: Row): object => showAll(world, structure)(row);
  /** By unique id, or by the number people know it by. */
  const rowOf = (structure: ObjectStructure, id: string): Row => {
    const { mbo } = structure;
    const byUid = world.db.table(mbo.name).rows.get(Number(id));
    const byNumber = (): Row | undefined =>
      mbo.keys.map((key) => world.db.find(mbo.name, [key], [id]).at(0)).find((row) => row !== undefined);
    const row = byUid ?? byNumber();
    if (row === undefined) throw new TypeError(`There is no ${structure.name} ${id}.`);
    return row;
  };
  return {
    objects: () => [...world.db.model.structures.keys()],
    list(object) {
      const structure = structureOf(object);
      return world.db.all(structure.mbo.name).map(showAll(world, structure));
    },
    insert(object, fields) {
      const structure = structureOf(object);
      return show(
        structure,
        world.db.atomically(() => createRecord(context(), structure, fields)),
      );
    },
    change(object, id, fields) {
      const structure = structureOf(object);
      const row = rowOf(structure, id);
      return show(
        structure,
        world.db.atomically(() => updateRecord(context(), structure, row, fields, true)),
      );
    },
    remove(object, id) {
      const structure = structureOf(object);
      world.db.remove(structure.mbo.name, rowOf(structure, id));
    },
  };
}

/** A row of somebody else that appears between two pages: a copy of the newest one under a new key. */
export function disturb(world: World, structure: ObjectStructure): void {
  const newest = world.db.all(structure.mbo.name).at(-1);
  if (newest === undefined) return;
  const values = { ...newest.values };
  for (const key of structure.mbo.keys) {
    if (
      !['siteid', 'orgid', 'itemsetid', 'class', 'linearassetmeterid'].includes(key) &&
      typeof values[key] === 'string'
    ) {
      values[key] = `${values[key].slice(0, 5)}X${world.nextNumber('disturb')}`;
      break;
    }
  }
  if (structure.mbo.attributes.has('changedate')) values.changedate = world.stamp.forWrite();
  world.db.insert(structure.mbo.name, values);
}

export function createUsers(random: SandboxWorld['random'], site: string): User[] {
  const key = (): string => random.text(32, 'abcdefghijklmnopqrstuvwxyz0123456789');
  const personIn = (name: string, personId: string, sites: readonly string[]): User => ({
    name,
    password: `${name}-secret`,
    apiKey: key(),
    personId,
    sites,
  });
  return [
    personIn('syncuser', 'SYNCUSER', [site]),
    personIn('wilson', 'WILSON', [site]),
    personIn('outsider', 'OUTSIDER', ['HARTFORD']),
  ];
}
