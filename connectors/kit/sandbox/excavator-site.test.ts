import { describe, expect, it } from '@jest/globals';
import { EXCAVATORS, ordersOfSite, readExcavatorSite } from './excavator-site.ts';
import { loadExcavatorOrders } from './excavators.ts';

describe('a site', () => {
  it('has machines of its own, and visitors behind a plus', () => {
    expect(readExcavatorSite('site:BA')).toEqual({ machines: ['A', 'B'], visiting: [] });
    expect(readExcavatorSite('site:D+C')).toEqual({ machines: ['C', 'D'], visiting: ['C'] });
  });

  it.each(['site:', 'site:F', 'site:AA', 'site:A+A', 'site:+A', 'site:A+', 'excavators', 'site:a'])(
    'is not %s',
    (seed) => {
      expect(readExcavatorSite(seed)).toBeNull();
    },
  );

  it('holds every order of its own machines and a share of the sound ones of a visitor', async () => {
    const orders = await loadExcavatorOrders();
    const site = readExcavatorSite('site:D+B');
    if (site === null) throw new Error('D+B is a site.');
    const held = ordersOfSite(orders, site);
    const of = (letter: string): typeof held => held.filter(({ asset }) => asset === letter);
    expect(of('D')).toEqual(orders.filter(({ asset }) => asset === 'D'));
    expect(of('B')).toHaveLength(113);
    expect(of('B').every(({ broken }) => broken === null)).toBe(true);
    expect(held).toHaveLength(of('B').length + of('D').length);
  });

  it('keeps the newest of each machine when asked to, and what is broken', async () => {
    const orders = await loadExcavatorOrders();
    const site = readExcavatorSite('site:B+D:300');
    if (site === null) throw new Error('B+D:300 is a site.');
    expect(site.newest).toBe(300);
    const held = ordersOfSite(orders, site);
    const own = held.filter(({ asset, broken }) => asset === 'B' && broken === null);
    expect(own).toHaveLength(300);
    const oldest = own.map(({ date }) => date).sort()[0] ?? '';
    expect(
      orders.filter(({ asset, broken, date }) => broken === null && asset === 'B' && date > oldest).length,
    ).toBeLessThan(300);
    expect(held.filter(({ broken }) => broken !== null)).toHaveLength(1);
    const visitors = held.filter(({ asset }) => asset === 'D').length;
    expect(visitors).toBeGreaterThan(30);
    expect(visitors).toBeLessThan(100);
  });

  it('has as many of all machines as a contractor that visits every one: 611', async () => {
    const everywhere = { machines: [...EXCAVATORS], visiting: [...EXCAVATORS] };
    expect(ordersOfSite(await loadExcavatorOrders(), everywhere)).toHaveLength(611);
  });
});
