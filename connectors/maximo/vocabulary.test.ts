import { describe, expect, it } from '@jest/globals';
import { keyOf, OBJECTS } from './objects.ts';
import { sameValue } from './plan.ts';
import { domainOf } from './synonyms.ts';
import { addressOf } from './wire.ts';
import { all, among, epochOf, since } from './where.ts';

describe('oslc.where', () => {
  it('escapes quotes and puts no space after a comma or around an operator', () => {
    expect(among('wonum', ['A"1', 'B'])).toBe('wonum in ["A\\"1","B"]');
    expect(all(among('siteid', ['BEDFORD']), null, 'istask=0')).toBe('siteid="BEDFORD" and istask=0');
  });

  it('writes instants in whole seconds with an offset', () => {
    expect(since('changedate', Date.parse('2026-03-01T08:15:00.900Z'))).toBe(
      'changedate>="2026-03-01T08:15:00+00:00"',
    );
  });

  it('reads an instant without an offset as UTC', () => {
    expect(epochOf('2026-03-01T08:15:00')).toBe(epochOf('2026-03-01T03:15:00-05:00'));
  });
});

describe('synonyms', () => {
  const rows = [
    { value: 'COMP', maxvalue: 'COMP', defaults: false },
    { value: 'DONE', maxvalue: 'COMP', defaults: true, siteid: 'BEDFORD' },
    { value: 'FINI', maxvalue: 'COMP', defaults: true, siteid: 'LYON' },
  ];

  it('takes the default of our site and never a word of another', () => {
    const domain = domainOf(rows, { site: 'BEDFORD' });
    expect(domain.external('COMP')).toBe('DONE');
    expect(domain.internal('DONE')).toBe('COMP');
    expect(domain.has('FINI')).toBe(false);
    expect(domainOf(rows, { site: 'OSLO' }).external('COMP')).toBe('COMP');
  });

  it('writes the internal value where the domain may not be read', () => {
    expect(domainOf([], { site: 'BEDFORD' }).external('INPRG')).toBe('INPRG');
  });
});

describe('identity', () => {
  it('takes external ids apart by the key of the entity', () => {
    expect(keyOf(OBJECTS.meter, 'BEDFORD|PUMP|RUNHOURS')).toEqual({
      siteid: 'BEDFORD',
      assetnum: 'PUMP',
      metername: 'RUNHOURS',
    });
    expect(keyOf(OBJECTS.work_order, 'BEDFORD')).toBeNull();
  });

  it('never keeps host or root of a link', () => {
    expect(addressOf('http://internal:9080/maximo/oslc/os/mxapiwo/_QkVE--?lean=1')).toBe('mxapiwo/_QkVE--');
    expect(addressOf('oslc/os/mxapiwo/_QkVE--')).toBe('mxapiwo/_QkVE--');
    expect(addressOf('http://childkey#V08=')).toBeNull();
  });
});

describe('sameValue', () => {
  it.each([
    [null, ''],
    [true, 1],
    ['2026-03-01T08:00:00+00:00', '2026-03-01T03:00:00-05:00'],
    ['pump1', 'PUMP1'],
    [0, null],
  ])('%j is stored as %j', (a, b) => expect(sameValue(a, b)).toBe(true));

  it('tells real differences', () => {
    expect(sameValue('Pump', 'Pump 2')).toBe(false);
    expect(sameValue(1, 2)).toBe(false);
  });
});
