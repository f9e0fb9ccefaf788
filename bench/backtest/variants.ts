/** The rules that are compared: a plain threshold, and what deadband, delays, history and their combination make of it. */
import { alarmRule, type AlarmRule } from '../../domain/alarms/rule.ts';

const LIMIT = 55;
/** 1 % of the span of a temperature, where EEMUA 191 lets one begin. */
const DEADBAND = 5.5;

const TEMPERATURE = { metric: 'temperature', unit: '°C' };
const BELOW = { ...TEMPERATURE, kind: 'threshold', op: 'lt' };
const HISTORY = {
  ...TEMPERATURE,
  kind: 'deviation',
  direction: 'below',
  historyS: 7 * 86_400,
  everyS: 3_600,
  lagS: 86_400,
  spreadMin: 1,
};

export interface Variant {
  title: string;
  rule: AlarmRule;
}

function variant(title: string, when: object, more: object = {}): Variant {
  return {
    title,
    rule: alarmRule.parse({ name: 'low-temperature', title, alertType: 'low_temperature', when, ...more }),
  };
}

export const PLAIN = variant(`plain threshold: below ${String(LIMIT)} °C`, {
  ...BELOW,
  levels: [{ severity: 'high', limit: LIMIT }],
});

export const VARIANTS: readonly Variant[] = [
  PLAIN,
  variant(`the same, deadband ${String(DEADBAND)} °C`, {
    ...BELOW,
    levels: [{ severity: 'high', limit: LIMIT, deadband: DEADBAND }],
  }),
  variant(
    'more than 4 spreads below its own week, deadband 1, for 2 h',
    { ...HISTORY, levels: [{ severity: 'high', limit: 4, deadband: 1 }] },
    {
      onDelayS: 7_200,
      offDelayS: 7_200,
    },
  ),
  variant(`below ${String(LIMIT)} °C and 4 spreads below its own week`, {
    kind: 'all',
    severity: 'high',
    of: [
      { ...BELOW, limit: LIMIT, deadband: DEADBAND },
      { ...HISTORY, limit: 4, deadband: 1 },
    ],
  }),
  variant('the rule that ships: above 80 °C', {
    ...TEMPERATURE,
    kind: 'threshold',
    op: 'gt',
    levels: [{ severity: 'high', limit: 80 }],
  }),
];
