/** From what a pull rule found to the canonical value: word map, conversion, default, required. Compiled once a rule. */
import type { Json } from '../../domain/json.ts';
import { compileSetting } from './access.ts';
import type { CanonicalType } from './canonical-type.ts';
import { pullConversion } from './convert.ts';
import { textLike } from './rule-shape.ts';
import { noteProblem, refuse, shown } from './run.ts';
import type { Place, Run } from './run.ts';
import type { Rule } from './source.ts';
import { compileValues } from './values.ts';

/** Where a rule stands and, with `[]` for the elements of a list, what the canonical field is called: `tasks[].title`. */
export interface Target {
  readonly place: Place;
  readonly path: string;
}
export type Finish = (found: Json | undefined, run: Run) => Json | undefined;

export function compileFinish(rule: Rule, type: CanonicalType, target: Target): Finish {
  checkType(rule, type, target.place);
  const kind = rule.type === undefined ? type.kind : kindOf(rule, type, target.place);
  const convert = pullConversion(kind, rule);
  const values = compileValues(rule, 'pull');
  const missing = compileMissing(rule, target);
  const converted = (value: Json, found: Json, run: Run): Json | undefined => {
    const result = convert(value);
    if (typeof result === 'string') {
      const message = (path: string): string =>
        `\`${path}\` is ${shown(found)} at the vendor (${sourceText(rule)}), which ${result}.`;
      return noteProblem(run, target, message);
    }
    return result.value === '' ? missing(run) : result.value;
  };
  if (!values)
    return (found, run) =>
      found === undefined || found === null ? missing(run) : converted(found, found, run);
  return (found, run) => {
    if (found === undefined || found === null) return missing(run);
    const entry = values.look(found, run.context);
    if (entry === undefined) {
      const message = (path: string): string =>
        `\`${path}\` is ${shown(found)} at the vendor, which has no entry in the rule's values; add one or set \`otherwise\`.`;
      return noteProblem(run, target, message);
    }
    return entry.value === null ? missing(run) : converted(entry.value, found, run);
  };
}

function compileMissing(rule: Rule, target: Target): (run: Run) => Json | undefined {
  const fallback = compileSetting(rule.default);
  if (!fallback && rule.required !== true) return () => undefined;
  return (run) => {
    const value = fallback?.(run.context);
    if (value === undefined && rule.required === true)
      return noteProblem(
        run,
        target,
        (path) =>
          `\`${path}\` is required, but the vendor's record has nothing at ${sourceText(rule)}; fill it there or give the rule a default.`,
      );
    return value ?? undefined;
  };
}

function sourceText(rule: Rule): string {
  if (rule.path !== undefined) return `\`${[rule.path].flat().join('` or `')}\``;
  if (rule.key) return `\`${rule.key.flat().join('|')}\``;
  if (rule.sum) return `\`${rule.sum.join('` + `')}\``;
  return 'its rule';
}

/** What a rule says must fit what the field is. */
function checkType(rule: Rule, type: CanonicalType, place: Place): void {
  if (rule.expr === undefined && (type.kind === 'list' || type.kind === 'object') && rule.const === undefined)
    refuse(
      place,
      `the canonical field is ${type.kind === 'list' ? 'a list' : 'an object'}; use ${type.kind === 'list' ? 'each with item' : 'fields'}`,
    );
  if (type.kind === 'enum') {
    for (const [from, to] of Object.entries(rule.values ?? {}))
      if (to !== null && !type.values.includes(String(to)))
        refuse(place, `maps ${from} to ${String(to)}, which is none of ${type.values.join(', ')}`);
    const { otherwise } = rule;
    if (typeof otherwise === 'string' && !['fail', 'null', 'keep', ...type.values].includes(otherwise))
      refuse(place, `says otherwise: ${otherwise}, which is none of ${type.values.join(', ')}`);
  }
  if (rule.factor !== undefined && type.kind !== 'number' && type.kind !== 'integer')
    refuse(place, `has a factor, but the canonical field is ${type.kind}`);
  if (rule.html === true && type.kind !== 'text')
    refuse(place, 'says html, but the canonical field is no text');
}

function kindOf(rule: Rule, type: CanonicalType, place: Place): CanonicalType['kind'] {
  const { type: wanted } = rule;
  if (wanted === undefined || wanted === type.kind) return type.kind;
  if (wanted === 'epoch') return refuse(place, 'type epoch is for push rules; a pulled field is `instant`');
  if (type.kind === 'json') return wanted;
  if (wanted === 'text' && textLike(type.kind)) return type.kind;
  if (wanted === 'integer' && type.kind === 'number') return 'integer';
  return refuse(place, `says type ${wanted}, but the canonical field is ${type.kind}`);
}
