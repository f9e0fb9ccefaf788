import { describe, expect, it } from '@jest/globals';
import { SHIPPED_METRICS } from '../readings/metrics.ts';
import { startAlarm } from './alarm-state.ts';
import { checkRule } from './check-rule.ts';
import { compileRule } from './compile-rule.ts';
import { defaultRules } from './default-rules.ts';
import { applyInput } from './engine.ts';
import { alarmRule } from './rule.ts';

const FACTS = {
  metrics: SHIPPED_METRICS,
  escalations: new Set(['day-shift']),
  workOrderTemplates: new Set(['inspect']),
};
const LEVEL = { severity: 'high', limit: 80, deadband: 2 };
const HOT = { kind: 'threshold', metric: 'temperature', unit: '°C', op: 'gt', levels: [LEVEL] };
const RATE = {
  kind: 'rate',
  metric: 'temperature',
  unit: '°C',
  change: 'rising',
  per: 'minute',
  windowS: 60,
};
const DEVIATION = {
  kind: 'deviation',
  metric: 'temperature',
  unit: '°C',
  direction: 'below',
  historyS: 86_400,
  everyS: 600,
  spreadMin: 1,
};

function ruleWith(when: object, more: object = {}): object {
  return { name: 'r', title: 'R', alertType: 'r', when, ...more };
}

function problemsOf(rule: unknown): string[] {
  const checked = checkRule(rule, FACTS);
  return checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path}: ${reason}`);
}

describe('a rule that is in order', () => {
  it.each([
    ['threshold', HOT],
    ['in another unit of the metric', { ...HOT, unit: '°F', levels: [{ ...LEVEL, limit: 176 }] }],
    ['rate', { ...RATE, levels: [{ severity: 'low', limit: 2, deadband: 1 }] }],
    ['deviation', { ...DEVIATION, levels: [{ severity: 'low', limit: 4 }] }],
    ['stale', { kind: 'stale', metric: 'temperature', levels: [{ severity: 'low', afterS: 600 }] }],
    ['word', { kind: 'word', metric: 'condition', levels: [{ severity: 'low', words: ['fair'] }] }],
    [
      'combined',
      {
        kind: 'all',
        severity: 'critical',
        of: [
          { kind: 'threshold', metric: 'temperature', unit: '°C', op: 'gt', limit: 80 },
          {
            kind: 'any',
            of: [
              { kind: 'stale', metric: 'vibration', afterS: 60 },
              { ...RATE, limit: 2 },
            ],
          },
        ],
      },
    ],
  ])('%s', (_, when) => {
    expect(problemsOf(ruleWith(when, { escalation: 'day-shift', workOrder: 'inspect' }))).toEqual([]);
  });
});

describe('a rule that is refused', () => {
  const combined = (...of: object[]): object => ({ kind: 'all', severity: 'low', of });
  const deep = (depth: number): object =>
    depth === 0
      ? { kind: 'stale', metric: 'temperature', afterS: 60 }
      : { kind: 'any', of: [deep(depth - 1)] };

  it.each<[string, object, RegExp]>([
    [
      'limit without unit',
      ruleWith({ ...HOT, unit: undefined }),
      /^when\.unit: a limit needs its unit; temperature is kept in °C/,
    ],
    [
      'the same inside a combination',
      ruleWith(combined({ kind: 'threshold', metric: 'temperature', op: 'gt', limit: 1 })),
      /^when\.of\[0\]\.unit: a limit needs its unit/,
    ],
    [
      'unit of something else',
      ruleWith({ ...HOT, unit: 'bar' }),
      /^when\.unit: bar does not measure temperature; use °C, K, °F/,
    ],
    [
      'unit where there is none',
      ruleWith({ kind: 'threshold', metric: 'error_count', unit: '%', op: 'gt', levels: [LEVEL] }),
      /^when\.unit: error_count has no unit/,
    ],
    [
      'unknown metric',
      ruleWith({ ...HOT, metric: 'temprature' }),
      /^when\.metric: there is no metric "temprature"; there are uptime_percentage,/,
    ],
    [
      'a metric named as a property of every object',
      ruleWith({ ...HOT, metric: 'constructor' }),
      /^when\.metric: there is no metric/,
    ],
    [
      'deadband larger than the span',
      ruleWith({ ...HOT, levels: [{ ...LEVEL, deadband: 551 }] }),
      /^when\.levels\[0\]\.deadband: the deadband is larger than the whole span of temperature, -50 to 500 °C/,
    ],
    [
      'deadband that never ends',
      ruleWith({ ...HOT, levels: [{ ...LEVEL, deadband: 140 }] }),
      /^when\.levels\[0\]\.deadband: back by the deadband is -60, outside/,
    ],
    [
      'the same below',
      ruleWith({ ...HOT, op: 'lt', levels: [{ ...LEVEL, deadband: 440 }] }),
      /deadband: back by the deadband is 520/,
    ],
    [
      'deadband in another unit',
      ruleWith({ ...HOT, unit: '°F', levels: [{ ...LEVEL, deadband: 991 }] }),
      /^when\.levels\[0\]\.deadband: the deadband is larger/,
    ],
    [
      'limit outside the span',
      ruleWith({ ...HOT, levels: [{ ...LEVEL, limit: 501 }] }),
      /^when\.levels\[0\]\.limit: temperature lies in -50 to 500 °C/,
    ],
    [
      'negative deadband',
      ruleWith({ ...HOT, levels: [{ ...LEVEL, deadband: -1 }] }),
      /^when\.levels\[0\]\.deadband:/,
    ],
    [
      'a limit that is no number',
      ruleWith({ ...HOT, levels: [{ ...LEVEL, limit: '80' }] }),
      /^when\.levels\[0\]\.limit:/,
    ],
    ['no levels', ruleWith({ ...HOT, levels: [] }), /^when\.levels:/],
    ['unknown field', ruleWith({ ...HOT, hysteresis: 2 }), /^when\.hysteresis: there is no such field/],
    ['unknown kind', ruleWith({ ...HOT, kind: 'above' }), /^when\.kind:/],
    [
      'levels that fall in severity',
      ruleWith({ ...HOT, levels: [LEVEL, { severity: 'low', limit: 90 }] }),
      /^when\.levels\[1\]\.severity: .* low cannot follow high/,
    ],
    [
      'levels that do not rise',
      ruleWith({ ...HOT, levels: [LEVEL, { severity: 'critical', limit: 80 }] }),
      /^when\.levels\[1\]\.limit: .* above the one before it, at 80/,
    ],
    [
      'levels that do not fall, where low is bad',
      ruleWith({ ...HOT, op: 'lt', levels: [LEVEL, { severity: 'critical', limit: 81 }] }),
      /^when\.levels\[1\]\.limit: .* below the one before it/,
    ],
    [
      'stale levels out of order',
      ruleWith({
        kind: 'stale',
        metric: 'temperature',
        levels: [
          { severity: 'low', afterS: 60 },
          { severity: 'high', afterS: 30 },
        ],
      }),
      /^when\.levels\[1\]\.afterS/,
    ],
    [
      'a word of a number',
      ruleWith({ kind: 'word', metric: 'temperature', levels: [{ severity: 'low', words: ['hot'] }] }),
      /^when\.kind: temperature is a number/,
    ],
    [
      'a number of a word',
      ruleWith({ ...HOT, metric: 'condition' }),
      /^when\.kind: condition is told in words/,
    ],
    [
      'an unknown word',
      ruleWith({ kind: 'word', metric: 'condition', levels: [{ severity: 'low', words: ['bad'] }] }),
      /^when\.levels\[0\]\.words\[0\]: "bad" is not among excellent/,
    ],
    [
      'a rate without a limit',
      ruleWith({ ...RATE, levels: [{ severity: 'low', limit: 0 }] }),
      /^when\.levels\[0\]\.limit: write a limit above 0/,
    ],
    [
      'a rate whose deadband passes 0',
      ruleWith({ ...RATE, levels: [{ severity: 'low', limit: 2, deadband: 2 }] }),
      /^when\.levels\[0\]\.deadband: .* reaches past 0/,
    ],
    [
      'a history too fine to keep',
      ruleWith({ ...DEVIATION, everyS: 60, levels: [{ severity: 'low', limit: 4 }] }),
      /^when\.everyS: .* holds 1440; keep at most 1000, e\.g\. one every 87 s/,
    ],
    [
      'a history too short to judge',
      ruleWith({ ...DEVIATION, everyS: 6_000, levels: [{ severity: 'low', limit: 4 }] }),
      /^when\.readingsMin: the history never holds 30 readings, only 14/,
    ],
    ['bottomless conditions', ruleWith({ ...combined(deep(6)) }), /^when\.of: conditions may stand 4 deep/],
    [
      'an unknown escalation',
      ruleWith(HOT, { escalation: 'nights' }),
      /^escalation: there is no escalation policy "nights"; there are day-shift/,
    ],
    [
      'an unknown template',
      ruleWith(HOT, { workOrder: 'x' }),
      /^workOrder: there is no work order template "x"/,
    ],
    ['a reminder at once', ruleWith(HOT, { realarmS: 10 }), /^realarmS:/],
    [
      'a safety alarm on the shelf for a day',
      ruleWith(HOT, { safety: true, shelveMaxS: 86_400 }),
      /^shelveMaxS:/,
    ],
    [
      'a stale rule that waits',
      ruleWith(
        { kind: 'stale', metric: 'temperature', levels: [{ severity: 'low', afterS: 60 }] },
        { latenessS: 10 },
      ),
      /^latenessS:/,
    ],
    ['a name with spaces', ruleWith(HOT, { name: 'My rule' }), /^name: use small letters/],
    ['nothing', {}, /^name: is required$/],
  ])('%s', (_, rule, message) => {
    const problems = problemsOf(rule);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(message);
  });
});

describe('compileRule', () => {
  it('converts limits and deadbands to the unit of the metric, and shares what levels follow', () => {
    const rule = alarmRule.parse(
      ruleWith({
        ...HOT,
        unit: '°F',
        levels: [
          { severity: 'low', limit: 176, deadband: 9 },
          { severity: 'high', limit: 212 },
        ],
      }),
    );
    expect(compileRule(rule, SHIPPED_METRICS)).toMatchObject({
      quantities: [{ kind: 'value', metric: 'temperature' }],
      tests: [
        { op: 'gt', limit: expect.closeTo(80, 9), deadband: expect.closeTo(5, 9) },
        { op: 'gt', limit: expect.closeTo(100, 9), deadband: 0 },
      ],
      levels: [
        { severity: 'low', when: { test: 0 } },
        { severity: 'high', when: { test: 1 } },
      ],
    });
  });

  it('makes two tests of a deviation to either side', () => {
    const rule = alarmRule.parse(
      ruleWith({ ...DEVIATION, direction: 'either', levels: [{ severity: 'low', limit: 4, deadband: 1 }] }),
    );
    expect(compileRule(rule, SHIPPED_METRICS)).toMatchObject({
      tests: [
        { op: 'gt', limit: 4, deadband: 1 },
        { op: 'lt', limit: -4, deadband: 1 },
      ],
      levels: [{ when: { any: [{ test: 0 }, { test: 1 }] } }],
    });
  });
});

describe('the rules that ship', () => {
  // What the original service judged by constants (reference API, 8.3), at each limit and to both sides of it.
  const CONSTANTS = [
    ['uptime_percentage', 79.9, 'low_uptime', 'medium'],
    ['uptime_percentage', 80, null, null],
    ['uptime_percentage', 80.1, null, null],
    ['efficiency_rating', 69.9, 'low_efficiency', 'medium'],
    ['efficiency_rating', 70, null, null],
    ['temperature', 80.1, 'high_temperature', 'high'],
    ['temperature', 80, null, null],
    ['temperature', -20, null, null],
    ['vibration', 10.1, 'high_vibration', 'high'],
    ['vibration', 10, null, null],
    ['error_count', 6, 'high_error_count', 'high'],
    ['error_count', 5, null, null],
    ['condition', 'poor', 'condition_warning', 'medium'],
    ['condition', 'critical', 'condition_warning', 'high'],
    ['condition', 'fair', null, null],
  ] as const;

  it('are in order', () => {
    expect(defaultRules().flatMap((rule) => problemsOf(rule))).toEqual([]);
  });

  it.each(CONSTANTS)('%s of %s raises %s as %s', (metric, value, alertType, severity) => {
    const raised = defaultRules().flatMap((rule) => {
      const compiled = compileRule(rule, SHIPPED_METRICS);
      const input = { kind: 'readings', at: 1, values: [{ metric, value }] } as const;
      const { transitions } = applyInput(compiled, startAlarm(compiled, 0), input);
      return transitions.map((transition) => [rule.alertType, transition.severity]);
    });
    expect(raised).toEqual(alertType === null ? [] : [[alertType, severity]]);
  });
});
