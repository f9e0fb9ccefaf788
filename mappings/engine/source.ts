/**
 * Reads a mapping file: YAML with source positions, then its shape. Owns what a file may literally say and where each
 * rule stands; whether the rules make sense for the entity is `compile.ts`'s business.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { CONFLICT_POLICIES } from '../../domain/merge/decision.ts';
import { pathProblem } from '../../domain/path.ts';

export const RULE_TYPES = [
  'text',
  'integer',
  'number',
  'boolean',
  'instant',
  'date',
  'json',
  'epoch',
] as const;
export type RuleType = (typeof RULE_TYPES)[number];

const json: z.ZodType<Json> = z.json();
const path = z.string().superRefine((text, context) => {
  const problem = pathProblem(text);
  if (problem !== null) context.addIssue(problem);
});
const paths = z.union([path, z.array(path).min(1)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One rule as written; which keys go together is checked when it is compiled. */
export interface Rule {
  path?: string | string[] | undefined;
  key?: (string | string[])[] | undefined;
  sum?: string[] | undefined;
  from?: string | string[] | undefined;
  part?: number | undefined;
  expr?: string | undefined;
  each?: string | undefined;
  item?: Record<string, Rule> | undefined;
  fields?: Record<string, Rule> | undefined;
  const?: Json | undefined;
  type?: RuleType | undefined;
  default?: Json | undefined;
  required?: boolean | undefined;
  /** Says that a record without a value is meant to wait in quarantine, so that the check does not ask for a default. */
  absent?: 'quarantine' | undefined;
  orSkip?: boolean | undefined;
  /** Values that say "nothing" here, beside null and the empty text. */
  empty?: (string | number | boolean)[] | undefined;
  values?: Record<string, string | number | boolean | null> | undefined;
  valuesFrom?: string | undefined;
  otherwise?: string | number | boolean | null | undefined;
  loose?: boolean | undefined;
  maxLength?: number | undefined;
  truncate?: boolean | undefined;
  case?: 'upper' | 'lower' | undefined;
  html?: boolean | undefined;
  factor?: number | undefined;
  decimals?: number | undefined;
  precision?: 'second' | 'day' | undefined;
  zone?: string | undefined;
  sort?: string[] | undefined;
  group?: { by: string; sum: string } | undefined;
  /** Members by which the merge recognises an element of the list, where they are not those of the field table. */
  identity?: string[] | undefined;
  on?: 'create' | 'update' | 'both' | undefined;
  clear?: boolean | undefined;
}

const rule: z.ZodType<Rule> = z.lazy(() =>
  z.strictObject({
    path: paths.optional(),
    key: z.array(paths).min(1).optional(),
    sum: z.array(path).min(1).optional(),
    from: paths.optional(),
    part: z.number().int().nonnegative().optional(),
    expr: z.string().min(1).max(4_000).optional(),
    each: path.optional(),
    item: z.record(z.string(), rule).optional(),
    fields: z.record(z.string(), rule).optional(),
    const: json.optional(),
    type: z.enum(RULE_TYPES).optional(),
    default: json.optional(),
    required: z.boolean().optional(),
    absent: z.literal('quarantine').optional(),
    orSkip: z.boolean().optional(),
    empty: z.array(scalar).optional(),
    values: z.record(z.string(), scalar.nullable()).optional(),
    valuesFrom: z.string().min(1).optional(),
    otherwise: scalar.nullable().optional(),
    loose: z.boolean().optional(),
    maxLength: z.number().int().positive().optional(),
    truncate: z.boolean().optional(),
    case: z.enum(['upper', 'lower']).optional(),
    html: z.boolean().optional(),
    factor: z
      .number()
      .refine((n) => n !== 0, 'must not be 0')
      .optional(),
    decimals: z.number().int().min(0).max(6).optional(),
    precision: z.enum(['second', 'day']).optional(),
    zone: z.string().min(1).optional(),
    sort: z.array(z.string()).min(1).optional(),
    group: z.strictObject({ by: z.string(), sum: z.string() }).optional(),
    identity: z.array(z.string().min(1)).max(5).optional(),
    on: z.enum(['create', 'update', 'both']).optional(),
    clear: z.boolean().optional(),
  }),
);

const policy = z.enum(CONFLICT_POLICIES);
const mappingFile = z.strictObject({
  system: z.string().regex(/^[a-z][a-z0-9_-]*$/, 'must be a lower-case system name'),
  entity: z.enum(ENTITIES),
  object: z.string().min(1),
  match: z.array(z.array(z.string()).min(1)).default([]),
  conflict: z
    .strictObject({ default: policy.default('newest'), fields: z.record(z.string(), policy).default({}) })
    .default({ default: 'newest', fields: {} }),
  /** Values with which the system says "nothing" in any field, beside null and the empty text. */
  empty: z.array(scalar).optional(),
  pull: z.record(z.string(), rule),
  push: z.record(z.string(), rule).default({}),
});
export type MappingFile = z.infer<typeof mappingFile>;

export type KeyPath = readonly (string | number)[];

/** A mapping as text. `at` says where its parts stand for whoever wrote them; without it, lines of the file. */
export interface MappingText {
  file: string;
  text: string;
  at?: (keyPath: KeyPath) => string;
}

/** A parsed YAML file that can say where things stand. */
export interface PositionedSource {
  file: string;
  data: unknown;
  /** `file:line` of a key path; of the deepest part that exists. Of an override, its own path. */
  at(keyPath: KeyPath): string;
}

/** Throws `mapping_failed` with `file:line:column` when the text is no YAML. */
export function readYaml(source: MappingText): PositionedSource {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, intAsBigInt: true });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new Failure(
      'mapping_failed',
      `${source.file}:${line}:${col} is not YAML: ${broken.message.split('\n')[0] ?? ''}`,
    );
  }
  return {
    file: source.file,
    data: withNumbers(document.toJS()),
    at: source.at ?? ((keyPath) => `${source.file}:${lines.linePos(offsetOf(document, keyPath)).line}`),
  };
}

/** Whole numbers as numbers, and as text where a number would lose digits: `values: { 9007199254740993: high }`. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withNumbers(inner)]));
}

/** The file's rules, or `mapping_failed` naming the line of the first thing that does not fit the format. */
export function readMapping(source: MappingText): {
  mapping: MappingFile;
  source: PositionedSource;
} {
  const yaml = readYaml(source);
  const parsed = mappingFile.safeParse(yaml.data);
  if (parsed.success) return { mapping: parsed.data, source: yaml };
  const { path, message } = meantBy(parsed.error);
  const name = path.join('.');
  const where = yaml.at(path) === name ? '' : `${yaml.at(path)} `;
  throw new Failure('mapping_failed', `${where}rule \`${name}\`: ${message}.`, { path: name });
}

/** The first issue; of several forms that all do not fit, the one that comes nearest. */
function meantBy(error: z.core.$ZodError): { path: (string | number)[]; message: string } {
  let issue: z.core.$ZodIssue | undefined = error.issues[0];
  const path: (string | number)[] = [];
  for (;;) {
    path.push(...(issue?.path ?? []).filter((part) => typeof part !== 'symbol'));
    if (issue?.code !== 'invalid_union')
      return { path, message: issue?.message ?? 'does not fit the format' };
    const forms: z.core.$ZodIssue[][] = issue.errors;
    const nearest = forms.find(([first]) => first !== undefined && first.code !== 'invalid_type') ?? forms[0];
    if (nearest?.[0] === undefined) return { path, message: issue.message };
    issue = nearest[0];
  }
}

function offsetOf(document: Document, keyPath: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of keyPath) {
    if (isMap(node)) {
      const pair = node.items.find(
        (entry) => isScalar(entry.key) && String(entry.key.value) === String(part),
      );
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const entry: unknown = node.items[Number(part)];
      if (typeof entry !== 'object' || entry === null) break;
      if ('range' in entry && Array.isArray(entry.range)) offset = Number(entry.range[0]);
      node = entry;
    } else break;
  }
  return offset;
}
