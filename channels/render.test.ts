import { describe, expect, it } from '@jest/globals';
import { NOTICE_TYPES } from '../domain/notifications/notice.ts';
import { checkTemplate, fieldsOf, renderNotice } from './render.ts';

const ALERT = {
  alert_id: 'a',
  alert_type: 'high_temperature',
  asset: 'P-101',
  asset_name: 'Pump {{ 1 }}',
  message: '96 °C',
  severity: 'critical',
  since: '2026-03-01T08:15:00.000Z',
  by: '',
  state: 'open',
};

describe('templates', () => {
  it('say what happened; what a record holds is text and no template', () => {
    expect(renderNotice('alert_raised', ALERT)).toEqual({
      title: 'CRITICAL: P-101 high temperature',
      text: '96 °C\nAsset P-101 (Pump {{ 1 }}), since 2026-03-01T08:15:00.000Z.',
    });
  });

  it.each(NOTICE_TYPES)('of %s name only fields that there are', (type) => {
    const fields = Object.fromEntries(fieldsOf(type).map((name) => [name, `<${name}>`]));
    const shown = renderNotice(type, fields);
    expect(shown.title).toMatch(/<(asset|number|connection)>/);
  });

  it.each([
    ['title', { title: '{{ assett }}', text: '' }, 'no field "assett"; take one of alert_id'],
    ['text', { title: 'x', text: '{% if by %}' }, 'is no Liquid template'],
    ['text', { title: 'x', text: '{{ by | shout }}' }, 'is no Liquid template'],
  ])('with a fault in the %s are refused when they are written', (path, template, said) => {
    expect(() => checkTemplate('alert_raised', template)).toThrow(said);
    expect(pathOf(() => checkTemplate('alert_raised', template))).toBe(path);
  });
});

function pathOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return (error as { path?: unknown }).path;
  }
  return null;
}
