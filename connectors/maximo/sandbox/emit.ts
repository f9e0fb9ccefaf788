/**
 * Turns rows into wire objects (contract 3.3). A select is compiled once into a list of small steps; showing a row then
 * costs no parsing. Knows both formats: lean names, and `spi:`/`rdf:` names.
 */
import { restIdOf, type Row } from './database.ts';
import { formatInstant } from './date-time.ts';
import type { Attribute, Mbo, ObjectStructure, Relation, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { computedValue } from './computed.ts';
import type { SelectItem, SelectNode } from './select-parse.ts';
import { mboOf, relatedRows } from './where.ts';
import type { World } from './world.ts';

export interface EmitOptions {
  lean: boolean;
  internalValues: boolean;
  /** Null attributes are left out unless asked for. */
  dropNulls: boolean;
  collectionRefs: boolean;
}

export type Shown = Record<string, unknown>;
/** Writes one row, found at `href`, into an object. */
export type Step = (out: Shown, row: Row, href: string) => void;

interface Context {
  world: World;
  options: EmitOptions;
  /** `spi:` or nothing. */
  prefix: string;
}

function unknownName(context: Context, mbo: Mbo, name: string): Step | null {
  if (context.world.dials.unknownAttributes === 'ignore') return null;
  throw new OslcError(400, null, `The attribute or relation ${name} does not exist in object ${mbo.name}.`);
}

function domainStep(context: Context, attribute: Attribute, name: string): Step {
  const { domains } = context.world;
  const domain = attribute.domain ?? '';
  const source = attribute.name;
  const { internalValues, dropNulls } = context.options;
  const describedName = `${name}_description`;
  const internalName = `${name}_maxvalue`;
  return (out, row) => {
    const value = row.values[source];
    if (typeof value !== 'string') {
      if (!dropNulls) out[name] = null;
      return;
    }
    out[name] = value;
    const entry = domains.external(domain, value);
    if (entry === null) return;
    out[describedName] = entry.description;
    if (internalValues) out[internalName] = entry.maxvalue;
  };
}

/** One attribute of the row at hand, under the given name. */
function attributeStep(context: Context, mbo: Mbo, attribute: Attribute, alias: string | null): Step {
  const name = context.prefix + (alias ?? attribute.name);
  const source = attribute.name;
  const { dropNulls } = context.options;
  if (attribute.domain !== null) return domainStep(context, attribute, name);
  const computed = computedValue(context.world, mbo, source);
  if (computed !== null) {
    return (out, row) => {
      const value = computed(row);
      if (value !== null) out[name] = value;
      else if (!dropNulls) out[name] = null;
    };
  }
  if (attribute.type === 'DATETIME') {
    const { dials } = context.world;
    return (out, row) => {
      const value = row.values[source];
      if (typeof value === 'number') out[name] = formatInstant(value, dials.zone);
      else if (!dropNulls) out[name] = null;
    };
  }
  return (out, row) => {
    const value = row.values[source];
    if (value !== undefined && value !== null && value !== '') out[name] = value;
    else if (!dropNulls) out[name] = null;
  };
}

/** Reserved names, and the two answers that are computed from the record. */
function specialStep(context: Context, mbo: Mbo, name: string): Step | null {
  if (name === '_rowstamp' || name === 'href' || name === '_id' || name === 'localref')
    return () => undefined;
  if (name === 'allowedstates' && mbo.name === 'WORKORDER') {
    return (out, row) => {
      out[context.prefix + name] = context.world.allowedStates(row);
    };
  }
  if (name === 'doclinks') {
    return (out, _row, href) => {
      out[context.prefix + name] = context.options.lean
        ? { href: `${href}/doclinks` }
        : { 'rdf:resource': `${href}/doclinks` };
    };
  }
  return null;
}

/** The anchored pseudo-URL of a child: usable only to match rows in payloads. */
export function childHref(parent: Mbo, child: Mbo, row: Row): string {
  const keys = child.keys.map((key) => row.values[key] ?? '~NULL~').join('/');
  return `http://childkey#${Buffer.from(`${parent.name}/${child.name}/${keys}`).toString('base64')}`;
}

function childrenStep(context: Context, mbo: Mbo, relation: Relation, node: SelectNode): Step {
  const child = mboOf(context.world.db, relation.mbo);
  const inner = compileNode(context, child, node);
  const { lean } = context.options;
  const { db } = context.world;
  return (out, row, href) => {
    const rows = relatedRows(db, relation, row);
    if (rows.length === 0) return;
    out[context.prefix + relation.name] = rows.map((found, at) => {
      const localref = `${href}/${relation.segment}/${at}-${found.uid}`;
      const shown: Shown = lean
        ? { _rowstamp: String(found.rowstamp), localref, href: childHref(mbo, child, found) }
        : { _rowstamp: String(found.rowstamp), localref, 'rdf:about': childHref(mbo, child, found) };
      for (const step of inner) step(shown, found, localref);
      return shown;
    });
  };
}

/** `rel.attr`: a nested object of a 1:1 relation, `{}` when it leads nowhere; `rel._dbcount`: how many there are. */
function dottedSteps(context: Context, mbo: Mbo, relationName: string, items: SelectItem[]): Step | null {
  const relation = mbo.relations.get(relationName);
  if (relation === undefined) return unknownName(context, mbo, relationName);
  const { db } = context.world;
  const counted = items.some((item) => item.kind === 'attribute' && item.path[0] === '_dbcount');
  const rest = items.filter((item) => !(item.kind === 'attribute' && item.path[0] === '_dbcount'));
  const aliased = rest.filter((item) => item.kind === 'attribute' && item.alias !== null);
  const plain = rest.filter((item) => !aliased.includes(item));
  const target = mboOf(db, relation.mbo);
  const inner = compileNode(context, target, { all: false, items: plain });
  const lifted = compileNode(context, target, { all: false, items: aliased });
  const name = context.prefix + relation.name;
  return (out, row, href) => {
    const rows = relatedRows(db, relation, row);
    if (counted) out[`${name}._dbcount`] = rows.length;
    const first = rows[0];
    if (first !== undefined) for (const step of lifted) step(out, first, href);
    if (plain.length === 0) return;
    const nested: Shown = {};
    if (first !== undefined) for (const step of inner) step(nested, first, href);
    // A name that is both an attribute and a relation: the attribute moves aside (contract 3.3, alias clash).
    if (name in out) out[`$alias_this_attr$${name}`] = out[name];
    out[name] = nested;
  };
}

function compileNode(context: Context, mbo: Mbo, node: SelectNode): Step[] {
  const steps: Step[] = [];
  const dotted = new Map<string, SelectItem[]>();
  const add = (step: Step | null): void => {
    if (step !== null) steps.push(step);
  };
  if (node.all) {
    for (const attribute of mbo.attributes.values()) {
      if (attribute.persistent) steps.push(attributeStep(context, mbo, attribute, null));
    }
  }
  for (const item of node.items) {
    const [head = '', ...tail] = item.path;
    if (tail.length > 0) {
      const rest = { ...item, path: tail };
      dotted.set(head, [...(dotted.get(head) ?? []), rest]);
    } else if (item.kind === 'children') {
      const relation = mbo.relations.get(head);
      add(
        relation === undefined
          ? unknownName(context, mbo, head)
          : childrenStep(context, mbo, relation, item.node),
      );
    } else {
      const attribute = mbo.attributes.get(head);
      if (attribute !== undefined) add(attributeStep(context, mbo, attribute, item.alias));
      else add(specialStep(context, mbo, head) ?? unknownName(context, mbo, head));
    }
  }
  for (const [relation, items] of dotted) add(dottedSteps(context, mbo, relation, items));
  return steps;
}

/** Shows one row of a structure; `base` is `{root}/os/{os}`. */
export type ShowRow = (row: Row, base: string) => Shown;

/** What a member looks like without a select: its address only. */
export function showHref(structure: ObjectStructure, lean: boolean): ShowRow {
  return (row, base) => {
    const href = `${base}/${restIdOf(structure.mbo, row)}`;
    return lean ? { href } : { 'rdf:resource': href };
  };
}

export function compileSelect(
  world: World,
  structure: ObjectStructure,
  node: SelectNode,
  options: EmitOptions,
): ShowRow {
  const context: Context = { world, options, prefix: options.lean ? '' : 'spi:' };
  const steps = compileNode(context, structure.mbo, node);
  const expanded = new Set(node.items.filter((item) => item.kind === 'children').map((item) => item.path[0]));
  const refs = options.collectionRefs ? structure.children.filter((child) => !expanded.has(child.name)) : [];
  const refNames = refs.map((child) => `${context.prefix}${child.name}_collectionref`);
  const idName = options.lean ? 'href' : 'rdf:about';
  return (row, base) => {
    const href = `${base}/${restIdOf(structure.mbo, row)}`;
    const out: Shown = { _rowstamp: String(row.rowstamp), [idName]: href };
    for (const step of steps) step(out, row, href);
    for (let at = 0; at < refs.length; at += 1) {
      const target = `${href}/${refs[at]?.segment ?? ''}`;
      out[refNames[at] ?? ''] = options.lean ? target : { 'rdf:resource': target };
    }
    return out;
  };
}

/** A stored value as plain JSON, for callers outside the wire formats. */
export function plainValue(world: World, attribute: Attribute | undefined, value: Value): Value {
  return attribute?.type === 'DATETIME' && typeof value === 'number'
    ? formatInstant(value, world.dials.zone)
    : value;
}
