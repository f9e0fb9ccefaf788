/**
 * The simple field mappings made by hand as rules of our mappings: a bare word, an object
 * with a `type`, or a list of both applied in order. What cannot be one rule is refused when it is made.
 */
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import { fieldCalled } from '../../domain/entities/public-fields.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

export interface FieldRule {
  source_field: string;
  target_field: string;
  transformation_rule: Json;
  is_required: boolean;
  default_value: Json;
}

/** The canonical field of an entity with this public name; null when it has none. */
export function canonicalField(entity: Entity, name: string): { field: string; rule: JsonObject } | null {
  const found = fieldCalled(entity, name);
  if (found === null) return null;
  return {
    field: found.field,
    rule: found.options.as === 'hours' && found.name === name ? { type: 'number', factor: 60 } : {},
  };
}

/** The rule of a mapping override for one field mapping. Throws `invalid_request` for a rule that is none. */
export function pullRuleOf(entity: Entity, rule: FieldRule): { field: string; rule: JsonObject } {
  const target = canonicalField(entity, rule.target_field);
  if (target === null) {
    throw new Failure('invalid_request', `A ${entity} has no field "${rule.target_field}".`, {
      path: 'target_field',
    });
  }
  const common: JsonObject = {
    ...target.rule,
    ...(rule.is_required ? { required: true } : {}),
    ...(rule.default_value === null ? {} : { default: rule.default_value }),
  };
  const steps = stepsOf(rule.transformation_rule);
  const [only] = steps;
  if (only === undefined) return { field: target.field, rule: { path: rule.source_field, ...common } };
  const plain = steps.length === 1 ? plainRule(only) : null;
  if (plain !== null) return { field: target.field, rule: { path: rule.source_field, ...common, ...plain } };
  // Only a field of free text shows a date in another spelling; the hub has one of its own for times.
  const print = takesText(entity, target.field);
  const expr = steps.reduce<string>(
    (inner, step) => `($v := ${inner}; ${expressionOf(step, print)})`,
    reference(rule.source_field),
  );
  return { field: target.field, rule: { expr, ...common } };
}

function takesText(entity: Entity, field: string): boolean {
  const shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } } | undefined>> =
    ENTITY_DEFINITIONS[entity].schema.shape;
  return shape[field]?.safeParse('any text').success === true;
}

/**
 * The words of a mapped enumeration stay known under another source: those of the shipped rule (the bridge of 3.2 for generic
 * systems), and our own.
 */
export function withWords(rule: JsonObject, shipped: JsonObject | undefined): JsonObject {
  const words = shipped?.['values'];
  if (typeof words !== 'object' || words === null || Array.isArray(words)) return rule;
  const own = Object.values(words).filter((word) => typeof word === 'string');
  const values = { ...Object.fromEntries(own.map((word) => [word, word])), ...words };
  return { ...rule, values, ...(shipped?.['loose'] === undefined ? {} : { loose: shipped['loose'] }) };
}

function stepsOf(rule: Json): JsonObject[] {
  if (rule === null) return [];
  if (Array.isArray(rule)) return rule.flatMap(stepsOf);
  if (typeof rule === 'string') {
    if (['uppercase', 'lowercase', 'trim'].includes(rule)) {
      return [{ type: 'string_manipulation', operation: rule }];
    }
    return stepsOf(parse(rule));
  }
  if (typeof rule === 'object') return [rule];
  throw bad('must be a word, an object with a type, or a list of these');
}

function parse(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw bad(`"${text}" is neither uppercase, lowercase, trim nor a JSON object with a type`);
}

/** What our rules say without an expression; faster, and checked against the vendor's schema. */
function plainRule(step: JsonObject): JsonObject | null {
  if (step['type'] === 'string_manipulation') {
    if (step['operation'] === 'uppercase') return { case: 'upper' };
    if (step['operation'] === 'lowercase') return { case: 'lower' };
  }
  if (step['type'] === 'type_conversion') {
    const type = conversionOf(step);
    // Our own rules know fewer words for yes and no.
    return type === 'boolean' ? null : { type };
  }
  if (step['type'] === 'default' && step['default_value'] !== undefined) {
    return { default: step['default_value'] };
  }
  return null;
}

const CONVERSIONS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'integer',
  integer: 'integer',
  float: 'number',
  float64: 'number',
  number: 'number',
  bool: 'boolean',
  boolean: 'boolean',
};

function conversionOf(step: JsonObject): string {
  const type = CONVERSIONS[wordOf(step['target_type'])];
  if (type === undefined) throw bad(`target_type must be one of ${Object.keys(CONVERSIONS).join(', ')}`);
  return type;
}

/**
 * What a step makes of `$v`. Absent and null stay so for every step but `default`; what a rule cannot read refuses the
 * record, with the reason: a zero or the raw text in its place would be an invention.
 */
function expressionOf(step: JsonObject, print: boolean): string {
  if (step['type'] === 'default') {
    if (step['default_value'] === undefined) throw bad('default needs a default_value');
    return `$exists($v) and $v != null and $v != "" ? $v : ${literal(step['default_value'])}`;
  }
  return `$v != null ? ${valueOf(step, print)}`;
}

function valueOf(step: JsonObject, print: boolean): string {
  switch (step['type']) {
    case 'string_manipulation':
      return manipulation(step);
    case 'conditional':
      return conditional(step);
    case 'date_format': {
      const read = `$toMillis($string($v), ${literal(picture(step['input_format']))})`;
      const output = picture(step['output_format']);
      const shown = print && step['output_format'] !== undefined ? `, ${literal(output)}` : '';
      return `($m := ${read}; $exists($m) ? $fromMillis($m${shown}) : $error("does not fit the input_format"))`;
    }
    case 'type_conversion':
      return CONVERTED[conversionOf(step)] ?? '$string($v)';
    default:
      throw bad(
        'type must be one of type_conversion, date_format, string_manipulation, conditional, default',
      );
  }
}

const CONVERTED: Readonly<Record<string, string>> = {
  number: '$number($trim($string($v)))',
  integer: '($n := $number($trim($string($v))); $n = $floor($n) ? $n : $error("is no whole number"))',
  boolean:
    '($w := $lowercase($trim($string($v))); $w in ["true", "1", "yes", "on", "y"] ? true : $w in ["false", "0", "no", "off", "n"] ? false : $error("is neither true nor false"))',
};

function manipulation(step: JsonObject): string {
  switch (step['operation']) {
    case 'uppercase':
      return '$uppercase($string($v))';
    case 'lowercase':
      return '$lowercase($string($v))';
    case 'trim':
      // JSONata's own $trim also joins the spaces between words.
      return '$replace($replace($string($v), /^\\s+/, ""), /\\s+$/, "")';
    case 'replace':
      if (typeof step['old'] !== 'string' || step['old'] === '') throw bad('replace needs the text `old`');
      return `$replace($string($v), ${literal(step['old'])}, ${literal(wordOf(step['new'] ?? ''))})`;
    case 'substring': {
      const { start, end } = step;
      if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number')) {
        throw bad('substring needs the number `start` and may have `end`');
      }
      const length = end === undefined ? '' : `, ${String(end - start)}`;
      return `$substring($string($v), ${String(start)}${length})`;
    }
    default:
      throw bad('operation must be one of uppercase, lowercase, trim, replace, substring');
  }
}

const COMPARISONS: Readonly<Record<string, (wanted: string) => string>> = {
  equals: (wanted) => `$string($v) = $string(${wanted})`,
  not_equals: (wanted) => `$string($v) != $string(${wanted})`,
  contains: (wanted) => `$contains($string($v), $string(${wanted}))`,
  greater_than: (wanted) => `$number($v) > $number(${wanted})`,
  less_than: (wanted) => `$number($v) < $number(${wanted})`,
};

function conditional(step: JsonObject): string {
  const condition = step['condition'];
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    throw bad('conditional needs a condition with operator and value');
  }
  const compare = COMPARISONS[wordOf(condition['operator'])];
  if (compare === undefined || condition['value'] === undefined) {
    throw bad(`condition needs a value and an operator, one of ${Object.keys(COMPARISONS).join(', ')}`);
  }
  const branch = (name: 'true_value' | 'false_value'): string =>
    step[name] === undefined ? '$v' : literal(step[name]);
  return `(${compare(literal(condition['value']))} ? ${branch('true_value')} : ${branch('false_value')})`;
}

/** strptime directives as an XPath picture, which JSONata reads. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  '%Y': '[Y0001]',
  '%y': '[Y01]',
  '%m': '[M01]',
  '%d': '[D01]',
  '%H': '[H01]',
  '%M': '[m01]',
  '%S': '[s01]',
  '%b': '[MNn,3-3]',
  '%B': '[MNn]',
  '%p': '[P]',
  '%I': '[h01]',
  '%z': '[Z0000]',
};

function picture(format: Json | undefined): string {
  const text = typeof format === 'string' ? format : '%Y-%m-%dT%H:%M:%SZ';
  return text.replaceAll(/%[A-Za-z]|[[\]]/g, (directive) => {
    const known = DIRECTIVES[directive];
    if (known === undefined) throw bad(`a format has the directive ${directive}, which is not known`);
    return known;
  });
}

/** A dotted path of the vendor's record inside an expression. */
function reference(path: string): string {
  return path
    .split('.')
    .map((part) => `\`${part.replaceAll('`', '')}\``)
    .join('.');
}

function wordOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function literal(value: Json): string {
  return JSON.stringify(value);
}

function bad(why: string): Failure {
  return new Failure('invalid_request', `transformation_rule: ${why}.`, { path: 'transformation_rule' });
}
