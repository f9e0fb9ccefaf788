/**
 * Turns rows into the JSON of wire objects (contract 3.3). A select is compiled once into a list of small parts, each of
 * which writes one name with its value; no object is built on the way, because pages of 1,000 rows are what benchmarks of
 * clients ask for. Knows both formats: lean names, and `spi:`/`rdf:` names.
 */
import { computedFrom, computedValue } from './computed.ts';
import { restIdOf, type Row, type Table } from './database.ts';
import { formatInstant, writeInstant } from './date-time.ts';
import type { JsonWriter } from './json-writer.ts';
import type { Attribute, Mbo, ObjectStructure, Relation, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import type { SelectItem, SelectNode } from './select-parse.ts';
import { mboOf, relatedTo } from './where.ts';
import type { World } from './world.ts';

export interface EmitOptions {
  lean: boolean;
  internalValues: boolean;
  /** Null attributes are left out unless asked for. */
  dropNulls: boolean;
  collectionRefs: boolean;
}

/** Writes `,"name":value` for one row found at `href`, or nothing. */
type Part = (out: JsonWriter, row: Row, href: string) => void;

interface Context {
  world: World;
  options: EmitOptions;
  /** `spi:` or nothing. */
  prefix: string;
  /** Tables that parts read beside the row's own values. */
  tables: Set<Table>;
}

function unknownName(context: Context, mbo: Mbo, name: string): null {
  if (context.world.dials.unknownAttributes === 'ignore') return null;
  throw new OslcError(400, null, `The attribute or relation ${name} does not exist in object ${mbo.name}.`);
}

function nameText(name: string): string {
  return `,${JSON.stringify(name)}:`;
}

function isNull(value: Value | undefined): value is null | undefined | '' {
  return value === undefined || value === null || value === '';
}

/** The external value with its description and, when asked for, its internal value. */
function domainPart(context: Context, attribute: Attribute, name: string): Part {
  const { domains } = context.world;
  const { internalValues, dropNulls } = context.options;
  const domain = attribute.domain ?? '';
  const source = attribute.name;
  const nothing = dropNulls ? '' : `${nameText(name)}null`;
  const textOf = (value: string): string => {
    const entry = domains.external(domain, value);
    const text = nameText(name) + JSON.stringify(value);
    if (entry === null) return text;
    const described = nameText(`${name}_description`) + JSON.stringify(entry.description);
    const internal = nameText(`${name}_maxvalue`) + JSON.stringify(entry.maxvalue);
    return text + described + (internalValues ? internal : '');
  };
  /** A domain has few values; what they are written as is good as long as the compiled select is. */
  const texts = new Map<string, string>();
  return (out, row) => {
    const value = row.values[source];
    if (typeof value !== 'string' || value === '') {
      out.raw(nothing);
      return;
    }
    let text = texts.get(value);
    if (text === undefined) {
      text = textOf(value);
      texts.set(value, text);
    }
    out.raw(text);
  };
}

/** One stored attribute of the row at hand, under the given name. */
function storedPart(context: Context, attribute: Attribute, name: string): Part {
  if (attribute.domain !== null) return domainPart(context, attribute, name);
  const source = attribute.name;
  const label = nameText(name);
  const nothing = context.options.dropNulls ? '' : `${label}null`;
  const { dials } = context.world;
  if (attribute.type === 'DATETIME') {
    return (out, row) => {
      const value = row.values[source];
      if (typeof value !== 'number') {
        out.raw(nothing);
        return;
      }
      out.raw(label);
      writeInstant(out, value, dials.zoneOffset);
    };
  }
  return (out, row) => {
    const value = row.values[source];
    if (isNull(value)) {
      out.raw(nothing);
      return;
    }
    out.raw(label);
    if (typeof value === 'string') out.string(value);
    else out.raw(String(value));
  };
}

function attributePart(context: Context, mbo: Mbo, attribute: Attribute, alias: string): Part {
  const name = context.prefix + alias;
  const computed = attribute.domain === null ? computedValue(context.world, mbo, attribute.name) : null;
  if (computed === null) return storedPart(context, attribute, name);
  const label = nameText(name);
  const nothing = context.options.dropNulls ? '' : `${label}null`;
  for (const table of computedFrom(mbo)) context.tables.add(context.world.db.table(table));
  return (out, row) => {
    const value = computed(row);
    out.raw(value === null ? nothing : label + JSON.stringify(value));
  };
}

const RESERVED = new Set(['_rowstamp', 'href', '_id', 'localref']);

/** Reserved names, and the two answers that are computed from the record; null when the name is none of them. */
function specialPart(context: Context, mbo: Mbo, name: string): Part | null {
  const { world, prefix, options } = context;
  if (RESERVED.has(name)) return () => undefined;
  const label = nameText(prefix + name);
  if (name === 'allowedstates' && mbo.name === 'WORKORDER') {
    for (const table of ['LABTRANS', 'MATUSETRANS']) context.tables.add(world.db.table(table));
    return (out, row) => {
      out.raw(label + JSON.stringify(world.allowedStates(row)));
    };
  }
  if (name === 'doclinks') {
    const key = options.lean ? 'href' : 'rdf:resource';
    return (out, _row, href) => {
      out.raw(`${label}{"${key}":${JSON.stringify(`${href}/doclinks`)}}`);
    };
  }
  return null;
}

/** The anchored pseudo-URL of a child: usable only to match rows in payloads. */
export function childHref(parent: Mbo, child: Mbo, row: Row): string {
  const keys = child.keys.map((key) => row.values[key] ?? '~NULL~').join('/');
  return `http://childkey#${Buffer.from(`${parent.name}/${child.name}/${keys}`).toString('base64')}`;
}

function childrenPart(context: Context, mbo: Mbo, relation: Relation, node: SelectNode): Part {
  const { db } = context.world;
  const child = mboOf(db, relation.mbo);
  context.tables.add(db.table(relation.mbo));
  const inner = compileNode(context, child, node);
  const related = relatedTo(db, relation);
  const label = nameText(context.prefix + relation.name);
  const idName = context.options.lean ? 'href' : 'rdf:about';
  return (out, row, href) => {
    const rows = related(row);
    if (rows.length === 0) return;
    out.raw(label);
    rows.forEach((found, at) => {
      const localref = `${href}/${relation.segment}/${at}-${found.uid}`;
      out.raw(`${at === 0 ? '[' : ','}{"_rowstamp":"${found.rowstamp}","localref":`);
      out.string(localref);
      out.raw(`,"${idName}":"${childHref(mbo, child, found)}"`);
      for (const part of inner) part(out, found, localref);
      out.raw('}');
    });
    out.raw(']');
  };
}

/** `rel.attr`: a nested object of a 1:1 relation, `{}` when it leads nowhere; `rel._dbcount`: how many there are. */
function dottedPart(context: Context, relation: Relation, items: SelectItem[]): Part {
  const { db } = context.world;
  const counted = items.some((item) => item.kind === 'attribute' && item.path[0] === '_dbcount');
  const rest = items.filter((item) => !(item.kind === 'attribute' && item.path[0] === '_dbcount'));
  const aliased = rest.filter((item) => item.kind === 'attribute' && item.alias !== null);
  const plain = rest.filter((item) => !aliased.includes(item));
  const target = mboOf(db, relation.mbo);
  context.tables.add(db.table(relation.mbo));
  const inner = compileNode(context, target, { all: false, items: plain });
  const lifted = compileNode(context, target, { all: false, items: aliased });
  const related = relatedTo(db, relation);
  const label = nameText(context.prefix + relation.name);
  const countLabel = nameText(`${context.prefix}${relation.name}._dbcount`);
  return (out, row, href) => {
    const rows = related(row);
    const first = rows[0];
    if (counted) out.raw(`${countLabel}${rows.length}`);
    if (first !== undefined) for (const part of lifted) part(out, first, href);
    if (plain.length === 0) return;
    out.raw(label);
    out.object(() => {
      if (first !== undefined) for (const part of inner) part(out, first, href);
    });
  };
}

/** What a select names below its root, by relation. */
function dottedItems(node: SelectNode): Map<string, SelectItem[]> {
  const dotted = new Map<string, SelectItem[]>();
  for (const item of node.items) {
    const [head = '', ...tail] = item.path;
    if (tail.length > 0) dotted.set(head, [...(dotted.get(head) ?? []), { ...item, path: tail }]);
  }
  return dotted;
}

/** Whether these items ask for the nested object itself. */
function nests(items: readonly SelectItem[] | undefined): boolean {
  return (items ?? []).some(
    (item) => item.kind !== 'attribute' || (item.alias === null && item.path[0] !== '_dbcount'),
  );
}

function compileNode(context: Context, mbo: Mbo, node: SelectNode): Part[] {
  const parts: Part[] = [];
  const dotted = dottedItems(node);
  const named = new Set<string>();
  /** A name that is asked for twice is written once. */
  const once = (name: string, create: () => Part | null): void => {
    if (named.has(name)) return;
    named.add(name);
    const part = create();
    if (part !== null) parts.push(part);
  };
  const attribute = (found: Attribute, alias: string | null): void => {
    // A name that is both an attribute and a relation: the attribute moves aside (contract 3.3, alias clash).
    const clash = alias === null && mbo.relations.has(found.name) && nests(dotted.get(found.name));
    const name = clash ? `$alias_this_attr$${context.prefix}${found.name}` : (alias ?? found.name);
    once(name, () => attributePart(clash ? { ...context, prefix: '' } : context, mbo, found, name));
  };
  if (node.all) for (const found of mbo.attributes.values()) if (found.persistent) attribute(found, null);
  for (const item of node.items) {
    const [head = '', ...tail] = item.path;
    if (tail.length > 0) continue;
    const found = mbo.attributes.get(head);
    if (item.kind === 'children') {
      const relation = mbo.relations.get(head);
      once(head, () =>
        relation === undefined
          ? unknownName(context, mbo, head)
          : childrenPart(context, mbo, relation, item.node),
      );
    } else if (found !== undefined) attribute(found, item.alias);
    else once(head, () => specialPart(context, mbo, head) ?? unknownName(context, mbo, head));
  }
  for (const [name, items] of dotted) {
    const relation = mbo.relations.get(name);
    if (relation === undefined) unknownName(context, mbo, name);
    else parts.push(dottedPart(context, relation, items));
  }
  return parts;
}

/** A compiled select. */
export interface RowWriter {
  /** Writes the whole object of a row found at `href`. */
  write(out: JsonWriter, row: Row, href: string): void;
  /** What was written is good as long as the row is the same and nothing in these changes (domains and zone aside). */
  tables: readonly Table[];
}

export function hrefIn(structure: ObjectStructure, row: Row, base: string): string {
  return `${base}/${restIdOf(structure.mbo, row)}`;
}

/** What a member looks like without a select: its address only. */
export function addressOnly(lean: boolean): RowWriter {
  const head = `{"${lean ? 'href' : 'rdf:resource'}":`;
  return {
    tables: [],
    write(out, _row, href) {
      out.raw(head);
      out.string(href);
      out.raw('}');
    },
  };
}

export function compileSelect(
  world: World,
  structure: ObjectStructure,
  node: SelectNode,
  options: EmitOptions,
): RowWriter {
  const context: Context = { world, options, prefix: options.lean ? '' : 'spi:', tables: new Set() };
  const parts = compileNode(context, structure.mbo, node);
  const expanded = new Set(node.items.filter((item) => item.kind === 'children').map((item) => item.path[0]));
  const refs = options.collectionRefs ? structure.children.filter((child) => !expanded.has(child.name)) : [];
  for (const { name, segment } of refs) {
    const label = nameText(`${context.prefix}${name}_collectionref`);
    parts.push((out, _row, href) => {
      const target = JSON.stringify(`${href}/${segment}`);
      out.raw(label + (options.lean ? target : `{"rdf:resource":${target}}`));
    });
  }
  const idLabel = options.lean ? '","href":' : '","rdf:about":';
  return {
    tables: [...context.tables],
    write(out, row, href) {
      out.raw('{"_rowstamp":"');
      out.raw(String(row.rowstamp));
      out.raw(idLabel);
      out.string(href);
      for (const part of parts) part(out, row, href);
      out.raw('}');
    },
  };
}

/** A stored value as plain JSON, for callers outside the wire formats. */
export function plainValue(world: World, attribute: Attribute | undefined, value: Value): Value {
  return attribute?.type === 'DATETIME' && typeof value === 'number'
    ? formatInstant(value, world.dials.zoneOffset)
    : value;
}
