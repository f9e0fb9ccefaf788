import { expect, it } from '@jest/globals';
import { defaultRules } from '../../domain/alarms/default-rules.ts';
import { ALERT_TYPES, findingsOfReport } from './alert-rules.ts';

it('the words of the lists are those of the shipped rules', () => {
  expect(defaultRules().map(({ alertType }) => alertType)).toEqual([...ALERT_TYPES]);
});

it('a finding names the asset; what was not given or is not measured is passed over', () => {
  const report = { temperature: 91, vibration: null, uptime_percentage: 100, remark: 'hot' };
  expect(findingsOfReport('Crusher', report)).toEqual([
    {
      alertType: 'high_temperature',
      severity: 'high',
      message: 'Crusher: temperature is 91 °C, above 80 °C.',
    },
  ]);
});
