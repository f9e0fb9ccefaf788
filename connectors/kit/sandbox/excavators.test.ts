import { describe, expect, it } from '@jest/globals';
import { loadExcavatorOrders, parseCsv } from './index.ts';

describe('parseCsv', () => {
  it('reads quotes, doubled quotes, line breaks in quotes, CRLF and a last line without an end', () => {
    expect(parseCsv('a,"b, ""c""\nd"\r\n,2"x')).toEqual([
      ['a', 'b, "c"\nd'],
      ['', '2"x'],
    ]);
  });
});

describe('loadExcavatorOrders', () => {
  it('joins both files and keeps the one broken row visible', async () => {
    const orders = await loadExcavatorOrders();
    expect(orders).toHaveLength(5_485);
    expect(orders.filter(({ broken }) => broken !== null)).toMatchObject([
      { line: 3_454, asset: 'B', text: 'won', pmType: 't swing', cost: null },
    ]);
    expect(orders[1]).toMatchObject({
      line: 3,
      date: '2005-03-20',
      asset: 'A',
      text: 'L/H BUCKET CYL LEAKING.',
      pmType: 'PM01',
      cost: 407.4,
      runningTime: 262,
      part: 'Cylinder_Tilt',
      action: null,
      side: 'Left',
    });
  });
});
