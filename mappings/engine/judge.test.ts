import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { compileMapping } from './compile.ts';
import type { Discovered } from './discovered-schema.ts';
import { judgeMapping } from './judge.ts';
import { withOverride } from './override.ts';

const shippedOf = (system: string, entity: string) => ({
  file: `mappings/${system}/${entity}.yaml`,
  text: readFileSync(new URL(`../${system}/${entity}.yaml`, import.meta.url), 'utf8'),
});
const seen = (fields: Discovered['fields'], complete = false): Discovered => ({ fields, complete });
const TEXT = { type: 'text', nullable: true };

async function judged(
  system: string,
  entity: string,
  override: JsonObject,
  discovered: Discovered | null = null,
): Promise<string[]> {
  const findings = await judgeMapping({ shipped: shippedOf(system, entity), override, discovered });
  return findings
    .filter(({ level }) => level !== 'info')
    .map(({ level, where, message }) => `${level} ${where}: ${message}`);
}

describe('a system of ones own', () => {
  it.each(['custom', 'sql'])('%s: own names in both directions, seen or not', async (system) => {
    const override = { pull: { tag: { path: 'asset_tag' } }, push: { asset_tag: { from: 'tag' } } };
    expect(await judged(system, 'asset', override, seen({ asset_tag: TEXT }))).toEqual([]);
    expect(await judged(system, 'asset', override)).toEqual([
      'warning pull.tag.path: `pull.tag` reads `asset_tag`, which the vendor schema does not have.',
      'warning push.asset_tag: `push.asset_tag` is no field of the vendor schema.',
    ]);
    const other = await judged(system, 'asset', override, seen({ Asset_Tag: TEXT }));
    expect(other[0]).toBe(
      'warning pull.tag.path: `pull.tag` reads `asset_tag`, which neither the schema that ships nor the system itself has; there is `Asset_Tag`.',
    );
  });

  it('own words and expressions', async () => {
    const override = {
      pull: {
        title: { path: 'kurztext', required: true },
        status: { path: 'zustand', values: { offen: 'requested', fertig: 'completed' } },
        description: { expr: "kurztext & ' ' & `Lang.Text`" },
      },
      push: {
        'daten.kurztext': { from: 'title' },
        zustand: { from: 'status', values: { requested: 'offen' }, otherwise: 'fertig', clear: false },
      },
    };
    const fields = {
      kurztext: TEXT,
      'Lang.Text': TEXT,
      zustand: { type: 'text', nullable: false, values: ['offen', 'fertig', 'wartet'] },
      daten: { type: 'object', nullable: true, item: { kurztext: TEXT } },
    };
    expect(await judged('custom', 'work_order', override, seen(fields))).toEqual([
      'warning pull.title: `pull.title` is required, but the vendor may have nothing there; give it a default or a further path, or say `absent: quarantine`.',
      "warning pull.status.values: `pull.status` has no entry for the vendor's wartet; add them or set otherwise.",
    ]);
  });

  it('types by what was seen', async () => {
    const override = {
      push: { faellig: { from: 'dueAt' }, seit: { from: 'startedAt' }, nr: { from: 'title' } },
    };
    const fields = {
      faellig: { type: 'date', nullable: true },
      seit: { type: 'integer', nullable: true },
      nr: { type: 'integer', nullable: true, readOnly: true },
    };
    expect(await judged('sql', 'work_order', override, seen(fields))).toEqual([
      'warning push.faellig: `push.faellig` is a date at the vendor; say precision: day.',
      'warning push.seit: `push.seit` is a number at the vendor; say type: epoch, with precision: second where it counts seconds.',
      'warning push.nr: `push.nr` is read-only at the vendor.',
      'warning push.nr: `push.nr` is integer at the vendor, but the canonical field is text; say type: integer.',
    ]);
  });

  it('a column that the layout suggests and the table lacks would have every write refused', async () => {
    const found = await judged('sql', 'asset', { push: { tag: null } }, seen({ name: TEXT }, true));
    expect(found.some((one) => one.includes('push.tag'))).toBe(false);
    expect(found).toContainEqual(
      expect.stringMatching(
        /^warning mappings\/sql\/asset\.yaml:\d+: `push\.serial_number` is no field of the system, which refuses records that write it; take the rule away with null\.$/,
      ),
    );
  });
});

describe('a system of a known vendor', () => {
  it('fields that the plant added are known by the look at it', async () => {
    const override = {
      pull: { category: { path: 'plantCategory' } },
      push: { plantCategory: { from: 'category' } },
    };
    expect(await judged('upkeep', 'asset', override, seen({ plantCategory: TEXT }))).toEqual([]);
    expect(await judged('maximo', 'asset', override, seen({ plantCategory: TEXT }, true))).toEqual([]);
    expect(await judged('upkeep', 'asset', override)).toEqual([
      'error pull.category.path: `pull.category` reads `plantCategory`, which the vendor schema does not have.',
      'error push.plantCategory: `push.plantCategory` is no field of the vendor schema.',
    ]);
  });
});

describe('what an override may say', () => {
  it.each<[JsonObject, string]>([
    [
      { pull: { colour: { path: 'x' } } },
      'error pull.colour: rule `pull.colour`: asset has no canonical field',
    ],
    [{ pull: { name: { pth: 'name' } } }, 'error pull.name: rule `pull.name`: Unrecognized key'],
    [
      { pull: { name: { path: 'a..b' } } },
      'error pull.name.path: rule `pull.name.path`: must be names joined by dots',
    ],
    [{ pull: { name: null } }, 'error pull: rule `pull`: the canonical field `name` is required'],
    [{ pull: { name: { expr: 'a +' } } }, 'error pull.name: rule `pull.name`: its expr does not parse'],
    [{ pull: { name: { replace: 'all' } } }, 'error pull.name'],
    [{ rules: {} }, 'error : : Unrecognized key'],
    [{ match: [['colour']] }, 'error match.0: rule `match.0`: asset has no canonical field `colour`'],
    [{ replace: true, pull: {} }, 'error pull: rule `pull`: the canonical field `name` is required'],
  ])('%j', async (override, message) => {
    expect((await judged('upkeep', 'asset', override)).join('\n')).toContain(message);
  });

  it('match rules, a rule said to stand alone, and a mapping that leaves all that ships aside', () => {
    const shipped = shippedOf('custom', 'asset');
    const own = compileMapping(
      withOverride(
        shipped,
        { match: [['tag', 'location']], pull: { tag: { replace: true, path: 'nr' } } },
        'own',
      ),
    );
    expect(own.match).toEqual([['tag', 'location']]);
    expect(own.pullFields).toEqual(compileMapping(shipped).pullFields);
    const alone = compileMapping(
      withOverride(
        shipped,
        { replace: true, pull: { name: { path: 'bezeichnung' } }, push: { bezeichnung: { from: 'name' } } },
        'own',
      ),
    );
    expect([alone.pullFields, alone.pushFields, alone.match]).toEqual([['name'], ['name'], []]);
    expect(alone.policy('name')).toBe('newest');
    expect(alone.version).not.toBe(compileMapping(shipped).version);
  });

  it('at run time problems name the override and the path within it', async () => {
    const mapping = compileMapping(
      withOverride(
        shippedOf('custom', 'asset'),
        { pull: { criticality: { path: 'krit' } } },
        'override of mappings/custom/asset.yaml',
      ),
    );
    const result = await mapping.pull({ name: 'x', krit: 'high', expected_lifespan: 'long' }, {});
    expect(result.ok ? [] : result.problems.map(({ rule }) => rule)).toEqual([
      'override of mappings/custom/asset.yaml pull.criticality',
      expect.stringMatching(/^mappings\/custom\/asset\.yaml:\d+$/),
    ]);
  });
});
