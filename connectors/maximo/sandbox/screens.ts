/** Record access as a person in Maximo's own screens has it, for the control port; the rules are those of the API. */
import {
  createElements,
  createPaging,
  createScreens,
  objectNamed,
  type ElementList,
  type Elements,
  type Paging,
  type SandboxWorld,
  type Screens,
} from '../../kit/sandbox/index.ts';
import type { Row } from './database.ts';
import { compileSelect, hrefIn } from './emit.ts';
import { createJsonWriter } from './json-writer.ts';
import type { ObjectStructure } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { createRecord, updateRecord } from './write-record.ts';
import type { User, World } from './world.ts';
import type { WriteContext } from './write-context.ts';

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

function structureNamed({ db }: World, object: string): ObjectStructure {
  const { structures } = db.model;
  const wanted = object.toLowerCase();
  const byMbo = [...structures.values()].find(({ mbo }) => mbo.name.toLowerCase() === wanted);
  const name = structures.has(wanted) ? wanted : (byMbo?.name ?? object);
  const found = structures.get(objectNamed([...structures.keys()], name));
  if (found === undefined) throw new TypeError(`The Maximo sandbox has no object ${object}.`);
  return found;
}

/** By unique id, or by the number people know it by. */
function rowOf({ db }: World, { mbo }: ObjectStructure, id: string): Row | undefined {
  return (
    db.get(mbo.name, Number(id)) ??
    mbo.keys.map((key) => db.find(mbo.name, [key], [id]).at(0)).find((row) => row !== undefined)
  );
}

/** An object may be named by its structure or by its table. */
export function screensOf(world: World, person: User): Screens {
  const { db } = world;
  const context = (): WriteContext => ({ world, user: person, at: world.stamp.forWrite(), written: [] });
  const structure = (object: string): ObjectStructure => structureNamed(world, object);
  return createScreens<string, Row>({
    objects: () => [...db.model.structures.keys()],
    named: (object) => structure(object).name,
    rows: (object) => db.all(structure(object).mbo.name),
    find: (object, id) => rowOf(world, structure(object), id),
    show: (object) => showAll(world, structure(object)),
    insert: (object, fields) => createRecord(context(), structure(object), fields),
    change: (object, row, fields) => updateRecord(context(), structure(object), row, fields, true),
    remove: (object, row) => db.remove(structure(object).mbo.name, row),
    atomically: (work) => db.atomically(work),
  });
}

/** A list that is a relation of the record; an element is written through its record, as on the tabs of the screen. */
function relation(world: World, screens: Screens, object: string, name: string): ElementList {
  const structure = structureNamed(world, object);
  const child = structure.children.find((one) => one.name === name);
  const uid = child === undefined ? '' : world.db.table(child.mbo).mbo.uid;
  const write = (id: string, element: Record<string, unknown>): void =>
    void screens.change(object, id, { [name]: [element] });
  return {
    of(id) {
      const row = rowOf(world, structure, id);
      const shown = (row === undefined ? {} : showAll(world, structure)(row)) as Record<string, unknown>;
      const elements = (shown[name] ?? []) as Record<string, unknown>[];
      return elements.map((fields) => ({ key: String(fields[uid]), fields }));
    },
    add: (id, fields) => write(id, { ...fields, _action: 'Add' }),
    change: (id, key, fields) => write(id, { ...fields, [uid]: Number(key), _action: 'Update' }),
    remove: (id, key) => write(id, { [uid]: Number(key), _action: 'Delete' }),
  };
}

export function elementsOf(world: World, screens: Screens): Elements {
  const of = (name: string): ElementList => relation(world, screens, 'mxapiwodetail', name);
  return createElements({
    mxapiwodetail: {
      tasks: of('woactivity'),
      parts: of('matusetrans'),
      labour: of('labtrans'),
      planned_parts: of('wpmaterial'),
      planned_labour: of('wplabor'),
      comments: of('worklog'),
    },
  });
}

export function pagingOf(world: World, kit: SandboxWorld): Paging {
  return createPaging({
    world: kit,
    dials: world.dials,
    refuse: (reason) =>
      reason === 'beyond'
        ? new OslcError(404, 'BMXAA8727E', 'The resource does not exist.')
        : new OslcError(400, null, 'The result set of the page has expired.'),
    somebody: {
      inserts: (object) => disturb(world, structureNamed(world, object)),
      removes(object) {
        const { mbo } = structureNamed(world, object);
        const [first] = world.db.all(mbo.name);
        if (first !== undefined) world.db.remove(mbo.name, first);
      },
    },
  });
}

/** A row of somebody else that appears between two pages: a copy of the newest one under a new key. */
function disturb(world: World, structure: ObjectStructure): void {
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

export function createUsers(random: SandboxWorld['random'], sites: readonly string[]): User[] {
  const key = (): string => random.text(32, 'abcdefghijklmnopqrstuvwxyz0123456789');
  const personIn = (name: string, personId: string, sites: readonly string[]): User => ({
    name,
    password: `${name}-secret`,
    apiKey: key(),
    personId,
    sites,
  });
  return [
    personIn('syncuser', 'SYNCUSER', sites),
    personIn('wilson', 'WILSON', sites),
    personIn('outsider', 'OUTSIDER', ['HARTFORD']),
  ];
}
