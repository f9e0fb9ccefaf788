/**
 * Lists within records as people edit them: one element at a time. Some vendors keep a list in a field of the record, others
 * as records of their own that name it; which is which the vendor part declares.
 */
import type { Screens } from './screens.ts';

export type Fields = Record<string, unknown>;

export interface Elements {
  /** What lists a record of the object has: `tasks`, `parts`, `planned_parts`, `labour` where it has such. */
  lists: (object: string) => string[];
  /** Each with what tells it from the others under `key`. */
  of(object: string, id: string, list: string): (Fields & { key: string })[];
  add(object: string, id: string, list: string, fields: Fields): void;
  change(object: string, id: string, list: string, at: { key: string; fields: Fields }): void;
  remove(object: string, id: string, list: string, key: string): void;
}

/** One kind of list; `id` is the record's. */
export interface ElementList {
  of(id: string): { key: string; fields: Fields }[];
  add(id: string, fields: Fields): void;
  change(id: string, key: string, fields: Fields): void;
  remove(id: string, key: string): void;
}

export type ElementLists = Readonly<Record<string, Readonly<Record<string, ElementList>>>>;

interface InField {
  screens: Screens;
  object: string;
  field: string;
  /** The member that tells elements apart. */
  key: string;
}

/** A list that is one field of the record: an edit of an element writes the list again. */
export function inField({ screens, object, field, key }: InField): ElementList {
  const read = (id: string): Fields[] => {
    const record = screens.list(object).find((one) => String((one as Fields)['id']) === id);
    const list = (record as Fields | undefined)?.[field];
    return Array.isArray(list) ? (list as Fields[]) : [];
  };
  const write = (id: string, list: Fields[]): void => void screens.change(object, id, { [field]: list });
  const keyOf = (element: Fields): string => String(element[key]);
  return {
    of: (id) => read(id).map((fields) => ({ key: keyOf(fields), fields })),
    add: (id, fields) => write(id, [...read(id), fields]),
    change: (id, wanted, fields) =>
      write(
        id,
        read(id).map((element) => (keyOf(element) === wanted ? { ...element, ...fields } : element)),
      ),
    remove: (id, wanted) =>
      write(
        id,
        read(id).filter((element) => keyOf(element) !== wanted),
      ),
  };
}

interface AsRecords {
  screens: Screens;
  /** The object of the elements. */
  object: string;
  /** What an element says to belong to the record. */
  link: (id: string) => Fields;
  /** Fields that every new element has; none when absent. */
  given?: Fields;
}

/** A list whose elements are records: each with an id of its own. */
export function asRecords({ screens, object, link, given = {} }: AsRecords): ElementList {
  return {
    of: (id) =>
      (screens.list(object) as Fields[])
        .filter((element) =>
          Object.entries({ ...link(id), ...given }).every(([name, value]) => element[name] === value),
        )
        .map((fields) => ({ key: String(fields['id']), fields })),
    add: (id, fields) => void screens.insert(object, { ...link(id), ...given, ...fields }),
    change: (_id, key, fields) => void screens.change(object, key, fields),
    remove: (_id, key) => screens.remove(object, key),
  };
}

export function createElements(lists: ElementLists): Elements {
  function list(object: string, name: string): ElementList {
    const own = Object.hasOwn(lists, object) ? (lists[object] ?? {}) : {};
    const found = Object.hasOwn(own, name) ? own[name] : undefined;
    if (found !== undefined) return found;
    const known = Object.keys(own);
    throw new TypeError(
      `There is no list "${name}" in ${object}${known.length === 0 ? '' : `; use one of ${known.join(', ')}`}.`,
    );
  }
  /** An edit of an element that is not there leaves no trace, and helps no test. */
  function existing(object: string, id: string, name: string, key: string): ElementList {
    const own = list(object, name);
    if (own.of(id).some((element) => element.key === key)) return own;
    throw new TypeError(`There is no element "${key}" among the ${name} of ${object} ${id}.`);
  }
  return {
    lists: (object) => Object.keys(lists[object] ?? {}),
    of: (object, id, name) =>
      list(object, name)
        .of(id)
        .map(({ key, fields }) => ({ ...fields, key })),
    add: (object, id, name, fields) => list(object, name).add(id, fields),
    change: (object, id, name, { key, fields }) => existing(object, id, name, key).change(id, key, fields),
    remove: (object, id, name, key) => existing(object, id, name, key).remove(id, key),
  };
}

export const NO_ELEMENTS: Elements = createElements({});
