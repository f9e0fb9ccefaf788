/** What every vendor sandbox takes from the kit, proved at each of them: dials, hostile texts, faults while paging, lists, refusals. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOSTILE_TEXTS, PAGE_FAULTS, type PageFaultName } from './kit/sandbox/index.ts';
import type { Json } from './kit/sandbox/test-client.ts';
import { STANDS, typed, type ShownPage, type Stand } from './sandboxes.fixture.ts';

/** SAP's short text. */
const SHORT = 40;

describe.each(Object.entries(STANDS))('the sandbox of %s', (system, open) => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await open('empty');
  });
  afterEach(() => stand.sandbox.close());

  const titles = ({ rows }: ShownPage): unknown[] => rows.map((row) => row[stand.title]);
  const count = async (): Promise<number> => (await stand.page(0, 500)).rows.length;
  const fault = (name: PageFaultName): void => stand.sandbox.control.setDial('pageFault', name);
  const typeIn = (texts: readonly string[]): void => {
    for (const text of texts) typed(stand, text);
  };

  it('refuses a dial that it does not have, and a position that a dial does not take', () => {
    const { control } = stand.sandbox;
    expect(() => control.setDial('nosuch', 1)).toThrow(/The dial "nosuch" is unknown; use one of \w+, /);
    const wrong: [string, unknown][] = [
      ['pageFault', 'nosuch'],
      ['pageFault', { fault: 'cycle', tmies: 1 }],
      ['insertWhilePaging', 'yes'],
      ['removeWhilePaging', -1],
      ['staleReads', 'often'],
      ['staleReads', { reads: '1' }],
    ];
    for (const [name, value] of wrong) {
      expect(() => control.setDial(name, value)).toThrow(`The dial "${name}" takes `);
    }
    for (const [name] of wrong) control.setDial(name, null);
  });

  it('gives texts back as people typed them, half a surrogate pair as an escape', async () => {
    const texts = Object.values(HOSTILE_TEXTS).map((text) =>
      system === 'sap_pm' ? text.slice(0, SHORT) : text,
    );
    typeIn(texts);
    const page = await stand.page(0, 100);
    expect(page.status).toBe(200);
    expect(new Set(titles(page))).toEqual(new Set(texts));
    expect(page.text).toContain(String.raw`Pump leaks \ud83d"`);
    expect(page.text).not.toContain('\ufffd');
  });

  it('pages wrongly in every way it is asked to', async () => {
    typeIn(['one', 'two', 'three', 'four', 'five']);
    const [first, second, last] = [
      await stand.page(0, 2),
      await stand.page(1, 2),
      await stand.page(2, 2),
    ].map(titles);
    expect([first?.length, second?.length, last?.length]).toEqual([2, 2, 1]);
    fault('repeated');
    expect(titles(await stand.page(1, 2))).toEqual(first);
    fault('clamped');
    expect(titles(await stand.page(7, 2))).toEqual(last);
    fault('refused_beyond');
    expect((await stand.page(7, 2)).status).toBeGreaterThanOrEqual(400);
    fault('expired');
    expect((await stand.page(1, 2)).status).toBeGreaterThanOrEqual(400);
    fault('size_ignored');
    expect((await stand.page(0, 5)).rows).toHaveLength(2);
    for (const name of PAGE_FAULTS) fault(name);
    stand.sandbox.control.setDial('pageFault', null);
    expect(titles(await stand.page(1, 2))).toEqual(second);
  });

  it('lets somebody insert and remove while a client pages', async () => {
    const { control } = stand.sandbox;
    typeIn(['one', 'two', 'three']);
    control.setDial('insertWhilePaging', 2);
    await stand.page(0, 1);
    await stand.page(1, 1);
    expect(await count()).toBe(5);
    control.setDial('removeWhilePaging', 1);
    await stand.page(0, 1);
    expect(await count()).toBe(4);
  });

  it('has its lists edited one element at a time', async () => {
    await stand.sandbox.close();
    stand = await open(system === 'maximo' || system === 'sap_pm' ? 'site:B:1' : 'empty');
    const { elements } = stand.sandbox.control;
    const { id } = typed(stand, 'With lists') as { id: unknown };
    for (const { list, add, change } of stand.lists) {
      const shown = (): Json[] => elements.of(stand.object, String(id), list);
      const before = shown();
      elements.add(stand.object, String(id), list, add);
      const made = shown().find(({ key }) => !before.some((one) => one['key'] === key));
      expect(made).toMatchObject(add);
      const key = String(made?.['key']);
      elements.change(stand.object, String(id), list, { key, fields: change });
      expect(shown().find((one) => one['key'] === key)).toMatchObject({ ...add, ...change });
      elements.remove(stand.object, String(id), list, key);
      expect(shown()).toEqual(before);
    }
    expect(() => elements.of(stand.object, String(id), 'nosuch')).toThrow('There is no list "nosuch"');
  });

  it('refuses in its own words when a fault asks for it', async () => {
    stand.sandbox.control.setFaults({ rules: [{ effect: 'refuse', times: 1 }] });
    const refused = await stand.page(0, 1);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.text).toContain('Refused for the sake of a test.');
    expect(Object.keys(JSON.parse(refused.text) as Json)).not.toEqual(['message']);
    expect((await stand.page(0, 1)).status).toBe(200);
  });

  it('takes a site with so many of its newest orders', async () => {
    await stand.sandbox.close();
    stand = await open('site:C:5');
    const rows = (await stand.page(0, 500)).rows.length;
    expect(rows).toBeGreaterThanOrEqual(5);
    expect(rows).toBeLessThan(10);
  });
});

describe('two sites in Maximo', () => {
  it('number their machines, places and orders alike', async () => {
    const stand = await STANDS['maximo']?.('two-sites');
    if (stand === undefined) throw new Error('no stand');
    try {
      const { control } = stand.sandbox;
      const keys = (object: string, key: string): Record<string, unknown[]> =>
        Object.groupBy(control.list(object) as Json[], (row) => String(row[key])) as Record<
          string,
          unknown[]
        >;
      for (const [object, key] of [
        ['ASSET', 'assetnum'],
        ['LOCATIONS', 'location'],
        ['WORKORDER', 'wonum'],
      ] as const) {
        expect(Object.values(keys(object, key)).some((rows) => rows.length > 1)).toBe(true);
      }
    } finally {
      await stand.sandbox.close();
    }
  });
});
