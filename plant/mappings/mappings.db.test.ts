import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApi, type TestApi } from '../../api/http/api.fixture.ts';
import { seedExamples } from '../../api/http/examples.fixture.ts';
import type { AnswerBody } from '../../api/http/routes/mappings/answers.fixture.ts';
import { EXAMPLE } from '../../api/http/frame/example-ids.ts';
import type { PlantConnection } from '../../test/support/plant.ts';

let api: TestApi;
let upkeep: PlantConnection;
beforeAll(async () => {
  api = await openTestApi();
  await seedExamples(api);
  upkeep = await api.plant.connect('upkeep', { seed: 'empty' }, { name: 'pit' });
});
afterAll(() => api.close());

const mapping = (path: string, body: unknown) =>
  api.call('POST', `/cmms/connections/${upkeep.id}/mappings/asset${path}`, { body });
const nameOf = async (external: string): Promise<unknown> => {
  const found = await api.call('GET', `/links?connection_id=${upkeep.id}&entity=asset`);
  const link = found.json<AnswerBody>().links.find((one) => one.external_id === external);
  return link?.base_hub['name'];
};

describe('overrides of a connection', () => {
  it('change what the next pull stores, are kept as versions, and can be taken back', async () => {
    const made = upkeep.sandbox.control.insert('assets', { name: 'old digger', serialNumber: 'S-77' });
    const { id } = made as { id: string };
    await api.plant.pass(upkeep, { entities: ['asset'] });
    expect(await nameOf(id)).toBe('old digger');

    const changed = await api.call('PUT', `/cmms/connections/${upkeep.id}/mappings/asset`, {
      body: { override: { pull: { name: { path: 'name', case: 'upper', required: true } } } },
    });
    expect(changed.json<AnswerBody>().mapping).toMatchObject({ override_version: 1 });
    await api.plant.pass(upkeep, { entities: ['asset'], full: true });
    expect(await nameOf(id)).toBe('OLD DIGGER');

    expect(
      (await mapping('/rollback', { version: null })).json<AnswerBody>().mapping.override_version,
    ).toBeNull();
    const versions = await api.call('GET', `/cmms/connections/${upkeep.id}/mappings/asset/versions`);
    expect(versions.json<AnswerBody>().versions).toMatchObject([{ version: 1, active: false }]);
    expect((await mapping('/rollback', { version: 1 })).json<AnswerBody>().mapping.override_version).toBe(2);
    expect((await mapping('/rollback', { version: 9 })).statusCode).toBe(404);
    await mapping('/rollback', { version: null });
  });

  it('are refused with what is wrong, and nothing changes', async () => {
    const bad = { override: { pull: { name: { path: 'nmae' } } } };
    const findings = (await mapping('/validate', bad)).json<AnswerBody>();
    expect(findings.valid).toBe(false);
    expect(JSON.stringify(findings.findings)).toContain('nmae');
    const refused = await api.call('PUT', `/cmms/connections/${upkeep.id}/mappings/asset`, { body: bad });
    expect(refused.statusCode).toBe(422);
    expect(
      (await api.call('GET', `/cmms/connections/${upkeep.id}/mappings/asset`)).json<AnswerBody>().mapping
        .override_version,
    ).toBeNull();
  });

  it('can be tried on a sample without storing anything, each field with its rule, input, output and errors', async () => {
    const preview = (
      await mapping('/preview', {
        sample: { id: 'x', name: 'digger', category: 'Loader' },
        override: { pull: { name: { path: 'name', case: 'upper' } } },
      })
    ).json<AnswerBody>().preview;
    expect(preview.fields.find((one) => one.field === 'name')).toEqual({
      field: 'name',
      rule: { path: 'name', case: 'upper' },
      input: { name: 'digger' },
      output: 'DIGGER',
      errors: [],
    });
    const failed = (await mapping('/preview', { sample: { id: 'x', category: 'Loader' } })).json<AnswerBody>()
      .preview;
    expect(failed.ok).toBe(false);
    const byField = new Map(failed.fields.map((one) => [one.field, one]));
    expect(byField.get('name')?.errors[0]).toContain('name');
    expect(byField.get('category')?.output).toBe('Loader');
  });

  it('show a linked record as its system showed it last, and what a change would send', async () => {
    const links = (await api.call('GET', `/links?connection_id=${upkeep.id}&entity=asset`)).json<AnswerBody>()
      .links;
    const record = links.find((one) => one.base_hub['serialNumber'] === 'S-77')?.record;
    const pulled = (await mapping('/preview', { record })).json<AnswerBody>().preview;
    expect(pulled.result).toMatchObject({ serialNumber: 'S-77' });
    const pushed = (
      await mapping('/preview', { record, direction: 'push', changed: ['serialNumber'] })
    ).json<AnswerBody>().preview;
    expect(pushed.result).toEqual({ serialNumber: 'S-77' });
  });
});

describe('field mappings of the reference API', () => {
  const create = (body: Record<string, unknown>) =>
    api.call('POST', '/cmms/mappings', { body: { cmms_connection_id: upkeep.id, ...body } });
  const outputOf = async (field: string, sample: Record<string, unknown>): Promise<unknown> => {
    const shown = (
      await mapping('/preview', { sample: { id: 'x', name: 'digger', ...sample } })
    ).json<AnswerBody>();
    return shown.preview.fields.find((one) => one.field === field)?.output;
  };

  it('take a bare word, an object, its text, and a list applied in order', async () => {
    const made = await create({
      source_field: 'model',
      target_field: 'model',
      transformation_rule: 'uppercase',
      entity: 'asset',
    });
    expect(made.statusCode).toBe(201);
    expect(made.json<AnswerBody>().mapping).toMatchObject({ target_field: 'model', is_required: false });
    expect(await outputOf('model', { model: 'rh120' })).toBe('RH120');

    await create({
      source_field: 'description',
      target_field: 'description',
      entity: 'asset',
      transformation_rule: [
        'trim',
        { type: 'string_manipulation', operation: 'replace', old: 'O&K', new: 'Terex' },
        JSON.stringify({
          type: 'conditional',
          condition: { operator: 'contains', value: 'Terex' },
          false_value: 'other',
        }),
      ],
    });
    expect(await outputOf('description', { description: '  O&K shovel ' })).toBe('Terex shovel');
    expect(await outputOf('description', { description: 'Cat loader' })).toBe('other');
  });

  it('refuse a second one for the same target, an unknown connection, and rules that are none', async () => {
    const again = await create({ source_field: 'x', target_field: 'model', entity: 'asset' });
    expect(again.statusCode).toBe(409);
    const unknown = await api.call('POST', '/cmms/mappings', {
      body: { cmms_connection_id: EXAMPLE.run, source_field: 'a', target_field: 'title' },
    });
    expect(unknown.statusCode).toBe(404);
    for (const rule of [
      'shout',
      { type: 'magic' },
      { type: 'type_conversion', target_type: 'blob' },
      { type: 'string_manipulation', operation: 'replace', old: '' },
      { type: 'conditional', condition: { operator: 'like', value: 1 } },
      [42],
    ]) {
      const refused = await create({
        source_field: 'x',
        target_field: 'manufacturer',
        entity: 'asset',
        transformation_rule: rule,
      });
      expect([refused.statusCode, refused.json<AnswerBody>().errors[0]?.field]).toEqual([
        422,
        'transformation_rule',
      ]);
    }
    const nowhere = await create({ source_field: 'x', target_field: 'shoe_size' });
    expect([nowhere.statusCode, nowhere.json<AnswerBody>().errors[0]?.field]).toEqual([422, 'target_field']);
  });

  it('give the shipped rule back when they are deleted', async () => {
    const list = (await api.call('GET', `/cmms/mappings?cmms_connection_id=${upkeep.id}`)).json<AnswerBody>()
      .mappings;
    const model = list.find((one) => one.target_field === 'model');
    expect((await api.call('DELETE', `/cmms/mappings/${model?.id ?? ''}`)).statusCode).toBe(200);
    expect(await outputOf('model', { model: 'rh120' })).toBe('rh120');
  });
});

describe('a system of ones own', () => {
  const OWN = { pull: { tag: { path: 'asset_tag' } }, push: { asset_tag: { from: 'tag' } } };

  it('takes its own field names, by preview and by change alike, and says what it has not seen', async () => {
    const custom = await api.plant.connect('custom', { seed: 'empty' }, { name: 'workshop' });
    const path = `/cmms/connections/${custom.id}/mappings/asset`;
    const tried = await api.call('POST', `${path}/preview`, {
      body: { override: OWN, sample: { id: 'x', name: 'lathe', asset_tag: 'L-1' } },
    });
    const { preview } = tried.json<AnswerBody>();
    expect(preview.result).toMatchObject({ tag: 'L-1' });
    const changed = await api.call('PUT', path, { body: { override: OWN } });
    expect(changed.statusCode).toBe(200);
    const { mapping: now, findings } = changed.json<AnswerBody>();
    expect(now).toMatchObject({ override_version: 1, override: OWN });
    expect(findings).toEqual(preview.findings);
    expect(findings.filter(({ level }) => level === 'warning').map(({ where }) => where)).toEqual([
      'pull.tag.path',
      'push.asset_tag',
    ]);

    custom.sandbox.control.insert('assets', { name: 'lathe', asset_tag: 'L-1' });
    expect((await api.call('POST', `/cmms/connections/${custom.id}/discover`)).statusCode).toBe(200);
    const again = await api.call('POST', `${path}/validate`, { body: { override: OWN } });
    expect(again.json<AnswerBody>().findings.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('field mappings are rules of the override: a change without them takes them off the list, going back works', async () => {
    const custom = await api.plant.connect('custom', { seed: 'empty' }, { name: 'yard' });
    const path = `/cmms/connections/${custom.id}/mappings/asset`;
    const listed = async (): Promise<unknown[]> =>
      (await api.call('GET', `/cmms/mappings?cmms_connection_id=${custom.id}`)).json<AnswerBody>().mappings;
    const body = {
      cmms_connection_id: custom.id,
      source_field: 'typ',
      target_field: 'model',
      entity: 'asset',
    };
    expect((await api.call('POST', '/cmms/mappings', { body })).statusCode).toBe(201);
    expect(await listed()).toHaveLength(1);
    const both = { pull: { model: { path: 'typ' }, tag: { path: 'nr' } } };
    expect((await api.call('PUT', path, { body: { override: both } })).statusCode).toBe(200);
    expect(await listed()).toHaveLength(1);
    expect((await api.call('PUT', path, { body: { override: OWN } })).statusCode).toBe(200);
    expect(await listed()).toEqual([]);
    const back = await api.call('POST', `${path}/rollback`, { body: { version: 1 } });
    expect(back.json<AnswerBody>().mapping.override).toEqual({ pull: { model: { path: 'typ' } } });
  });
});
