/** From the rule people write to the form the engine runs; limits are converted to the unit the metric is kept in. */
import type { Metrics } from '../readings/metrics.ts';
import { convertDifference, convertValue } from '../readings/units.ts';
import type { CompiledLevel, CompiledRule, Expression, Quantity, Test } from './compiled-rule.ts';
import { RATE_PERS, type AlarmRule, type LeveledCondition, type Part, type SingleCondition } from './rule.ts';

/** A rule that passed `checkRule` for these metrics; units that cannot be converted throw `invalid_request`. */
export function compileRule(rule: AlarmRule, metrics: Metrics): CompiledRule {
  const { quantities, tests, ...add } = collector();
  const { when } = rule;
  const levels: CompiledLevel[] =
    'of' in when
      ? [{ severity: when.severity, when: expressionOf(when, metrics, add) }]
      : when.levels.map((_, index) => ({
          severity: when.levels[index]?.severity ?? null,
          when: singleExpression(singleOf(when, index), metrics, add),
        }));
  return {
    quantities,
    tests,
    levels,
    onDelayMs: rule.onDelayS * 1_000,
    offDelayMs: rule.offDelayS * 1_000,
    latching: rule.latching,
    realarmMs: rule.realarmS === undefined ? null : rule.realarmS * 1_000,
  };
}

interface Collector {
  /** The index of the quantity; one that is there already is shared. */
  addQuantity(quantity: Quantity): number;
  addTest(test: Test): Expression;
}

function collector(): Collector & { quantities: Quantity[]; tests: Test[] } {
  const quantities: Quantity[] = [];
  const tests: Test[] = [];
  return {
    quantities,
    tests,
    addQuantity(quantity) {
      const text = JSON.stringify(quantity);
      const index = quantities.findIndex((one) => JSON.stringify(one) === text);
      return index === -1 ? quantities.push(quantity) - 1 : index;
    },
    addTest: (test) => ({ test: tests.push(test) - 1 }),
  };
}

/** One level of a condition as a condition of its own. */
function singleOf({ levels, ...subject }: LeveledCondition, index: number): SingleCondition {
  const { severity: _, ...level } = levels[index] ?? {};
  return { ...subject, ...level } as SingleCondition;
}

function expressionOf(part: Part, metrics: Metrics, add: Collector): Expression {
  if (!('of' in part)) return singleExpression(part, metrics, add);
  const of = part.of.map((one) => expressionOf(one, metrics, add));
  return part.kind === 'all' ? { all: of } : { any: of };
}

function singleExpression(single: SingleCondition, metrics: Metrics, add: Collector): Expression {
  switch (single.kind) {
    case 'stale':
      return add.addTest({ kind: 'stale', metric: single.metric, afterMs: single.afterS * 1_000 });
    case 'word':
      return add.addTest({ kind: 'word', metric: single.metric, words: single.words });
    case 'threshold': {
      const { metric, op } = single;
      const { from, to } = unitsOf(single, metrics);
      const limit = convertValue(single.limit, from, to);
      const deadband = convertDifference(single.deadband, from, to);
      const quantity = add.addQuantity({ kind: 'value', metric });
      return add.addTest({ kind: 'limit', quantity, op, limit, deadband });
    }
    case 'rate':
    case 'deviation':
      return twoSided(single, metrics, add);
  }
}

/** `either` is two tests, above and below, because each keeps its own deadband. */
function twoSided(
  single: Extract<SingleCondition, { kind: 'rate' | 'deviation' }>,
  metrics: Metrics,
  add: Collector,
): Expression {
  const { from, to } = unitsOf(single, metrics);
  const inUnit = (difference: number): number => convertDifference(difference, from, to);
  const isRate = single.kind === 'rate';
  const quantity = add.addQuantity(isRate ? rateOf(single) : deviationOf(single, inUnit(single.spreadMin)));
  const limit = isRate ? inUnit(single.limit) : single.limit;
  const deadband = isRate ? inUnit(single.deadband) : single.deadband;
  const up = (): Expression => add.addTest({ kind: 'limit', quantity, op: 'gt', limit, deadband });
  const down = (): Expression => add.addTest({ kind: 'limit', quantity, op: 'lt', limit: -limit, deadband });
  const side = isRate ? single.change : single.direction;
  if (side === 'either') return { any: [up(), down()] };
  return side === 'rising' || side === 'above' ? up() : down();
}

function rateOf({ metric, windowS, per }: Extract<SingleCondition, { kind: 'rate' }>): Quantity {
  return { kind: 'rate', metric, windowMs: windowS * 1_000, perMs: RATE_PERS[per] * 1_000 };
}

function deviationOf(single: Extract<SingleCondition, { kind: 'deviation' }>, spreadMin: number): Quantity {
  const { metric, historyS, everyS, lagS, readingsMin } = single;
  return {
    kind: 'deviation',
    metric,
    historyMs: historyS * 1_000,
    everyMs: everyS * 1_000,
    lagMs: lagS * 1_000,
    readingsMin,
    spreadMin,
  };
}

function unitsOf(
  single: { metric: string; unit?: string | undefined },
  metrics: Metrics,
): { from: string; to: string } {
  const to = metrics[single.metric]?.unit ?? '';
  return { from: single.unit ?? to, to };
}
