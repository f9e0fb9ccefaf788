import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { compileMapping } from './compile.ts';

const asset = (push: string) =>
  compileMapping({
    file: 'demo/asset.yaml',
    text: `system: demo\nentity: asset\nobject: thing\npull: { name: { path: name } }\npush:\n${push}`,
  });
const HUB: JsonObject = {
  name: 'Pump',
  serialNumber: 'S-1',
  model: 'M',
  customFields: { shift: 'B', 'cost.centre': '4711' },
};

async function pushed(push: string, fields: JsonObject, changed: string[] | null): Promise<JsonObject> {
  const result = await asset(push).push(fields, changed && new Set(changed), {});
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.payload;
}

describe('a push target with dots', () => {
  const RULES =
    '  meta.serial: { from: serialNumber }\n  meta.made.model: { from: model }\n  name: { from: name }\n';

  it('is nested, and rules beside each other write into one object', async () => {
    expect(await pushed(RULES, HUB, null)).toEqual({
      name: 'Pump',
      meta: { serial: 'S-1', made: { model: 'M' } },
    });
  });

  it('an update holds only what changed, and null at the nested place for what is gone', async () => {
    expect(await pushed(RULES, HUB, ['model'])).toEqual({ meta: { made: { model: 'M' } } });
    const { serialNumber: _gone, ...rest } = HUB;
    expect(await pushed(RULES, rest, ['serialNumber'])).toEqual({ meta: { serial: null } });
  });

  it('in backticks it is one name', async () => {
    expect(await pushed("  '`meta.serial`': { from: serialNumber }\n", HUB, null)).toEqual({
      'meta.serial': 'S-1',
    });
    expect(await pushed("  'Serien Nummer': { from: serialNumber }\n", HUB, null)).toEqual({
      'Serien Nummer': 'S-1',
    });
  });

  it('is refused inside of what another rule writes as a whole', () => {
    expect(() => asset('  meta: { from: name }\n  meta.serial: { from: serialNumber }\n')).toThrow(
      'demo/asset.yaml:7 rule `push.meta.serial`: writes inside `push.meta`',
    );
    expect(() => asset('  a.__proto__.b: { from: name }\n')).toThrow('__proto__');
    expect(() => asset("  'a..b': { from: name }\n")).toThrow('backticks');
  });
});

describe('an object by its members', () => {
  const RULES =
    '  data:\n    fields:\n      serial: { from: serialNumber }\n      type.model: { from: model }\n      kept: { from: manufacturer, clear: false }\n      fixed: { const: 7 }\n';

  it('a create leaves out what is not there, an update says that it is gone', async () => {
    const { serialNumber: _gone, ...rest } = HUB;
    expect(await pushed(RULES, rest, null)).toEqual({ data: { type: { model: 'M' }, fixed: 7 } });
    expect(await pushed(RULES, rest, ['serialNumber'])).toEqual({
      data: { serial: null, type: { model: 'M' }, fixed: 7 },
    });
    expect(await pushed(RULES, { name: 'Pump' }, ['serialNumber', 'model'])).toEqual({
      data: { serial: null, type: { model: null }, fixed: 7 },
    });
  });

  it('a member of a field that is gone is cleared though its field is still there', async () => {
    const rules = '  shift: { from: customFields.shift }\n  cc: { from: customFields.`cost.centre` }\n';
    expect(await pushed(rules, HUB, null)).toEqual({ shift: 'B', cc: '4711' });
    expect(await pushed(rules, { ...HUB, customFields: { shift: 'B' } }, ['customFields'])).toEqual({
      shift: 'B',
      cc: null,
    });
  });

  it('an expression keeps to clear: false', async () => {
    const rules = "  a: { from: model, expr: 'model', clear: false }\n  b: { from: model, expr: 'model' }\n";
    expect(await pushed(rules, { name: 'Pump' }, ['model'])).toEqual({ b: null });
  });
});

describe('names with blanks and dots on the way in', () => {
  it('are read by path, key and expression', async () => {
    const mapping = compileMapping({
      file: 'demo/asset.yaml',
      text: `system: demo\nentity: asset\nobject: thing\npull:\n  name: { path: Kurz Text }\n  location: { key: ['\`Functional Loc.\`'] }\n  model: { path: '\`meta.model\`' }\n  category: { expr: '\`meta.kind\` & Art.\`Typ 2\`' }\n`,
    });
    const raw = {
      'Kurz Text': 'Pump',
      'Functional Loc.': 'PIT-1',
      'meta.model': 'M',
      'meta.kind': 'a',
      Art: { 'Typ 2': 'b' },
    };
    expect(await mapping.pull(raw, {})).toMatchObject({
      ok: true,
      fields: { name: 'Pump', location: 'PIT-1', model: 'M', category: 'ab' },
    });
  });
});
