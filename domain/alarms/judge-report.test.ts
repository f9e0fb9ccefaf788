import { describe, expect, it } from '@jest/globals';
import { SHIPPED_METRICS } from '../readings/metrics.ts';
import { defaultRules } from './default-rules.ts';
import { judgeReport } from './judge-report.ts';
import { alarmRule, type AlarmRule } from './rule.ts';

function judge(rules: readonly AlarmRule[], values: Record<string, number | string>): string[] {
  const readings = Object.entries(values).map(([metric, value]) => ({ metric, value }));
  return judgeReport(rules, SHIPPED_METRICS, readings).map(
    ({ alertType, severity, text }) => `${alertType} ${severity}: ${text}`,
  );
}

function rule(given: object): AlarmRule {
  return alarmRule.parse({ name: 'hot', title: 'Too hot', alertType: 'hot', ...given });
}

function temperature(given: object): { when: object } {
  return { when: { kind: 'threshold', metric: 'temperature', unit: '°C', op: 'ge', ...given } };
}

describe('the shipped rules', () => {
  it('find nothing in a report at the limits', () => {
    const atLimits = {
      uptime_percentage: 80,
      efficiency_rating: 70,
      temperature: 80,
      vibration: 10,
      error_count: 5,
      condition: 'fair',
    };
    expect(judge(defaultRules(), atLimits)).toEqual([]);
  });

  it('say what is the matter, and by how much', () => {
    const beyond = {
      uptime_percentage: 79.9,
      efficiency_rating: 0,
      temperature: 80.5,
      vibration: 11,
      error_count: 6,
      condition: 'critical',
    };
    expect(judge(defaultRules(), beyond)).toEqual([
      'low_uptime medium: uptime percentage is 79.9 %, below 80 %',
      'low_efficiency medium: efficiency rating is 0 %, below 70 %',
      'high_temperature high: temperature is 80.5 °C, above 80 °C',
      'high_vibration high: vibration is 11 mm/s, above 10 mm/s',
      'high_error_count high: error count is 6, above 5',
      'condition_warning high: condition is critical',
    ]);
  });

  it('find nothing about what the report does not tell', () => {
    expect(judge(defaultRules(), {})).toEqual([]);
  });
});

describe('a rule of a plant', () => {
  const levels = [
    { severity: 'medium', limit: 80 },
    { severity: 'critical', limit: 95 },
  ];

  it('is told by the highest level that is reached', () => {
    const hot = rule(temperature({ levels }));
    expect(judge([hot], { temperature: 80 })).toEqual([
      'hot medium: temperature is 80 °C, at or above 80 °C',
    ]);
    expect(judge([hot], { temperature: 99 })).toEqual([
      'hot critical: temperature is 99 °C, at or above 95 °C',
    ]);
  });

  it('may have its limit in another unit than the reading', () => {
    const hot = rule(temperature({ unit: '°F', levels: [{ severity: 'high', limit: 212 }] }));
    expect(judge([hot], { temperature: 99 })).toEqual([]);
    expect(judge([hot], { temperature: 100 })).toEqual([
      'hot high: temperature is 100 °C, at or above 212 °F',
    ]);
  });

  it('finds nothing in one report when it waits, or is switched off', () => {
    const wait = rule({ ...temperature({ levels }), onDelayS: 60 });
    const off = rule({ ...temperature({ levels }), enabled: false });
    expect(judge([wait, off], { temperature: 99 })).toEqual([]);
  });

  it('over several metrics is told by its title', () => {
    const both = rule({
      when: {
        kind: 'all',
        severity: 'critical',
        of: [
          { kind: 'threshold', metric: 'temperature', unit: '°C', op: 'gt', limit: 60 },
          { kind: 'threshold', metric: 'vibration', unit: 'mm/s', op: 'gt', limit: 5 },
        ],
      },
    });
    expect(judge([both], { temperature: 70, vibration: 5 })).toEqual([]);
    expect(judge([both], { temperature: 70, vibration: 6 })).toEqual(['hot critical: Too hot']);
  });
});
