/**
 * The simple field mappings of the reference API (endpoint 2, section 5) as rules of our mappings: a bare word, an object
 * with a `type`, or a list of both applied in order. What cannot be one rule is refused when it is made.
 */
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

export interface FieldRule {
  source_field: string;
  target_field: string;
  transformation_rule: Json;
  is_required: boolean;
  default_value: Json;
}

/** Names of the original that are not ours in another spelling. */
const ALIASES: Readonly<
  Partial<Record<Entity, Readonly<Record<string, { field: string; rule?: JsonObject }>>>>
> = {
  work_order: {
    assigned_to: { field: 'assigneeName' },
    estimated_hours: { field: 'estimatedMinutes', rule: { type: 'number', factor: 60 } },
    actual_hours: { field: 'actualMinutes', rule: { type: 'number', factor: 60 } },
    actual_start: { field: 'startedAt' },
    actual_end: { field: 'completedAt' },
    due_date: { field: 'dueAt' },
    location: { field: 'place' },
    work_order_type: { field: 'type' },
  },
  plan: {
    estimated_duration: { field: 'estimatedMinutes' },
    maintenance_type: { field: 'type' },
    next_scheduled: { field: 'nextDueAt' },
    last_executed: { field: 'lastDoneAt' },
    is_active: { field: 'active' },
  },
  asset: {
    asset_id: { field: 'tag' },
    asset_type: { field: 'type' },
    installation_date: { field: 'installedOn' },
    warranty_expiry: { field: 'warrantyEndsOn' },
    expected_lifespan: { field: 'expectedLifeMonths' },
    responsible_person: { field: 'responsibleName' },
  },
};

/** The canonical field of an entity with this public name; null when it has none. */
export function canonicalField(entity: Entity, name: string): { field: string; rule: JsonObject } | null {
  const alias = ALIASES[entity]?.[name];
  if (alias !== undefined) return { field: alias.field, rule: alias.rule ?? {} };
  const camel = name.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
  const known = Object.hasOwn(ENTITY_DEFINITIONS[entity].schema.shape, camel);
  return known ? { field: camel, rule: {} } : null;
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
  const expr = steps.reduce<string>((inner, step) => expressionOf(step, inner), reference(rule.source_field));
  return { field: target.field, rule: { expr, ...common } };
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
    const type = CONVERSIONS[String(step['target_type'])];
    if (type === undefined) throw bad(`target_type must be one of ${Object.keys(CONVERSIONS).join(', ')}`);
    return { type };
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

function expressionOf(step: JsonObject, value: string): string {
  switch (step['type']) {
    case 'string_manipulation':
      return manipulation(step, value);
    case 'conditional':
      return conditional(step, value);
    case 'date_format':
      return `$fromMillis($toMillis(${value}, ${literal(picture(step['input_format']))}))`;
    case 'type_conversion': {
      const type = plainRule(step)?.['type'];
      if (type === 'integer') return `$floor($number(${value}))`;
      if (type === 'number') return `$number(${value})`;
      return type === 'boolean'
        ? `$lowercase($string(${value})) in ["true", "1", "yes", "on"]`
        : `$string(${value})`;
    }
    case 'default':
      return `($exists(${value}) ? ${value} : ${literal(step['default_value'] ?? null)})`;
    default:
      throw bad(
        'type must be one of type_conversion, date_format, string_manipulation, conditional, default',
      );
  }
}

function manipulation(step: JsonObject, value: string): string {
  switch (step['operation']) {
    case 'uppercase':
      return `$uppercase($string(${value}))`;
    case 'lowercase':
      return `$lowercase($string(${value}))`;
    case 'trim':
      return `$trim($string(${value}))`;
    case 'replace':
      if (typeof step['old'] !== 'string' || step['old'] === '') throw bad('replace needs the text `old`');
      return `$replace($string(${value}), ${literal(step['old'])}, ${literal(String(step['new'] ?? ''))})`;
    case 'substring': {
      const { start, end } = step;
      if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number')) {
        throw bad('substring needs the number `start` and may have `end`');
      }
      const length = end === undefined ? '' : `, ${String(end - start)}`;
      return `$substring($string(${value}), ${String(start)}${length})`;
    }
    default:
      throw bad('operation must be one of uppercase, lowercase, trim, replace, substring');
  }
}

const COMPARISONS: Readonly<Record<string, (value: string, wanted: string) => string>> = {
  equals: (value, wanted) => `$string(${value}) = $string(${wanted})`,
  not_equals: (value, wanted) => `$string(${value}) != $string(${wanted})`,
  contains: (value, wanted) => `$contains($string(${value}), $string(${wanted}))`,
  greater_than: (value, wanted) => `$number(${value}) > $number(${wanted})`,
  less_than: (value, wanted) => `$number(${value}) < $number(${wanted})`,
};

function conditional(step: JsonObject, value: string): string {
  const condition = step['condition'];
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    throw bad('conditional needs a condition with operator and value');
  }
  const compare = COMPARISONS[String(condition['operator'])];
  if (compare === undefined || condition['value'] === undefined) {
    throw bad(`condition needs a value and an operator, one of ${Object.keys(COMPARISONS).join(', ')}`);
  }
  const branch = (name: 'true_value' | 'false_value'): string =>
    step[name] === undefined ? value : literal(step[name]);
  return `(${compare(value, literal(condition['value']))} ? ${branch('true_value')} : ${branch('false_value')})`;
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
    if (known === undefined) throw bad(`input_format has the directive ${directive}, which is not known`);
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

function literal(value: Json): string {
  return JSON.stringify(value);
}

function bad(why: string): Failure {
  return new Failure('invalid_request', `transformation_rule: ${why}.`, { path: 'transformation_rule' });
}
