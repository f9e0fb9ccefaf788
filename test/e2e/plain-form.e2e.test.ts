/**
 * A connection made from the plain form (address, key or user) is enough: for each system, with the address and the credentials
 * its sandbox prints and nothing else. Without a form field nobody can say which site, profile or plant is meant, so the
 * system is asked.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '../../domain/access/delegation.ts';
import { createApiKey } from '../../plant/keys/api-keys.ts';
import { sandboxKind } from '../../cli/sandboxes.ts';
import type { RunningSandbox } from '../../connectors/kit/sandbox/index.ts';
import { ensureTenant } from '../../store/access/tenants.ts';
import { vendorOf } from '../faults/vendors/index.ts';
import { createStack, type Stack } from '../workflows/stack.ts';

interface Form {
  api_url: string;
  api_key?: string;
  username?: string;
  password?: string;
}

interface Case {
  name: string;
  system: string;
  seed?: string;
  form(url: string, credentials: Record<string, string | undefined>): Form;
  /** The same with a credential that is none; absent where the system asks nobody who they are. */
  wrong?: Partial<Form>;
  /** The generation has work orders only. */
  withoutAssets?: true;
  /** Settings that the system told. */
  told?: Record<string, unknown>;
}

const text = (value: string | undefined): string => value ?? '';
/** One machine with its newest orders. */
const SEED = 'site:C:4';

const CASES: readonly Case[] = [
  {
    name: 'maximo with a key',
    system: 'maximo',
    form: (url, { apiKey }) => ({ api_url: url, api_key: text(apiKey) }),
    wrong: { api_key: 'not-the-key' },
    told: { site: 'PITMINE', itemSet: 'ITEMSET1' },
  },
  {
    name: 'maximo with a user, from the page of its screens',
    system: 'maximo',
    form: (url, { user, password }) => ({
      api_url: `${url}/maximo/ui/login`,
      username: text(user),
      password: text(password),
    }),
    wrong: { password: 'not-the-password' },
    told: { site: 'PITMINE' },
  },
  {
    name: 'upkeep with an e-mail',
    system: 'upkeep',
    form: (url, { email, password }) => ({ api_url: url, username: text(email), password: text(password) }),
    wrong: { password: 'not-the-password' },
  },
  {
    name: 'upkeep with a token',
    system: 'upkeep',
    form: (url, { token }) => ({ api_url: `${url}/`, api_key: text(token) }),
    wrong: { api_key: 'not-the-token' },
  },
  {
    name: 'fiix with its three keys in one field',
    system: 'fiix',
    form: (url, { accessKey, appKey, secret }) => ({
      api_url: url,
      api_key: `${text(accessKey)}:${text(appKey)}:${text(secret)}`,
    }),
    wrong: { api_key: 'macmmsaakpDEMO:macmmsackpDEMO:macmmsaskpWRONG' },
  },
  {
    name: 'fiix with its three keys in three fields',
    system: 'fiix',
    form: (url, { accessKey, appKey, secret }) => ({
      api_url: url,
      api_key: text(appKey),
      username: text(accessKey),
      password: text(secret),
    }),
  },
  {
    name: 'sap_pm with a user',
    system: 'sap_pm',
    form: (url, { user, password }) => ({ api_url: url, username: text(user), password: text(password) }),
    wrong: { password: 'not-the-password' },
  },
  {
    name: 'chatterfix with a key',
    system: 'chatterfix',
    form: (url, { apiKey }) => ({ api_url: url, api_key: text(apiKey) }),
    told: { profile: 'unified' },
  },
  {
    name: 'chatterfix of another generation',
    system: 'chatterfix',
    seed: `${SEED}@consolidated`,
    form: (url, { apiKey }) => ({ api_url: `${url}/docs`, api_key: text(apiKey) }),
    told: { profile: 'consolidated' },
  },
  {
    name: 'chatterfix with a user',
    system: 'chatterfix',
    seed: `${SEED}@september`,
    form: (url, { username, password }) => ({
      api_url: url,
      username: text(username),
      password: text(password),
    }),
    wrong: { password: 'not-the-password' },
    withoutAssets: true,
    told: { profile: 'september' },
  },
  {
    name: 'custom with a key',
    system: 'custom',
    seed: 'site:C',
    form: (url, { apiKey }) => ({ api_url: `${url}/`, api_key: text(apiKey) }),
    wrong: { api_key: 'not-the-key' },
  },
];

let stack: Stack;
const sandboxes = new Map<string, RunningSandbox>();
/** Of the plant that the present test plays in: what one test reads is never written to another's system. */
let key: string;

beforeAll(async () => {
  stack = await createStack();
});
afterAll(async () => {
  await stack.close();
  for (const sandbox of sandboxes.values()) await sandbox.close();
});
beforeEach(async () => {
  const { store, sync } = stack.program;
  const id = sync.newId();
  await ensureTenant(store.db, { id, slug: `plant-${id}`, name: 'A plant' });
  const person = { store, tenantId: id, actor: 'test:maria', now: sync.now, newId: sync.newId };
  ({ key } = await createApiKey(person, OPERATOR, { name: 'test', role: 'admin' }));
});

type Body = Record<string, unknown>;

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${stack.apiUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

async function sandboxOf({ system, seed = SEED }: Case): Promise<RunningSandbox> {
  const known = sandboxes.get(`${system}/${seed}`);
  if (known !== undefined) return known;
  const sandbox = await sandboxKind(system).start({ seed });
  sandboxes.set(`${system}/${seed}`, sandbox);
  return sandbox;
}

async function connect(name: string, system: string, form: Form): Promise<string> {
  const made = await call('POST', '/cmms/connections', {
    cmms_type: system,
    connection_name: name,
    ...form,
    requests_per_second: 10_000,
    poll_seconds: 3_600,
  });
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ success: true })]);
  return String(made.body['connection_id']);
}

async function shown(id: string): Promise<Body> {
  return (await call('GET', `/cmms/connections/${id}`)).body['connection'] as Body;
}

async function sync(id: string, path = 'all'): Promise<Body> {
  const done = await call('POST', `/cmms/sync/${path}?wait=60`, { cmms_connection_id: id });
  expect([done.status, done.body]).toEqual([200, expect.anything()]);
  return done.body;
}

async function linksOf(id: string, entity: string): Promise<{ external_id: string; record_id: string }[]> {
  const found = await call('GET', `/links?connection_id=${id}&entity=${entity}&limit=200`);
  return found.body['links'] as { external_id: string; record_id: string }[];
}

/** As somebody at the system does it. */
function rename({ name, system }: Case, { control }: RunningSandbox, externalId: string): void {
  const screen = vendorOf(system).screens.asset;
  const row =
    screen === null
      ? undefined
      : (control.list(screen.object) as Body[]).find((each) => screen.externalId(each) === externalId);
  if (screen === null || row === undefined) throw new Error(`${system} shows no asset ${externalId}.`);
  const change = screen.fields['name']?.write(`Known as ${name}`.slice(0, 40), row, control) ?? {};
  control.change(screen.object, String(row['id']), change);
}

async function end(id: string): Promise<void> {
  await call('POST', `/cmms/connections/${id}/pause`, {});
  const preview = (await call('GET', `/cmms/connections/${id}/deletion`)).body['deletion'] as Body;
  await call('DELETE', `/cmms/connections/${id}?links_total=${String(preview['links_total'])}`);
}

describe('the plain form', () => {
  it.each(CASES)('$name: reads everything, nothing twice, and what changes', async (one) => {
    const sandbox = await sandboxOf(one);
    const id = await connect(one.name, one.system, one.form(sandbox.url, sandbox.credentials));
    const tried = await call('POST', `/cmms/connections/${id}/test`, {});
    expect(tried.body['result']).toMatchObject({ ok: true, failure: null });

    const first = await sync(id);
    expect([first['errors'], first['failed']]).toEqual([[], 0]);
    expect(first).toMatchObject({
      work_orders_synced: expect.any(Number),
      assets_synced: expect.any(Number),
    });
    expect(Number(first['work_orders_synced'])).toBeGreaterThan(0);
    expect(Number(first['processed'])).toBeGreaterThan(0);
    expect(Number(first['created'])).toBeGreaterThan(0);
    const orders = await linksOf(id, 'work_order');
    expect(orders.length).toBeGreaterThan(0);
    expect((await call('GET', `/work-orders/${orders[0]?.record_id ?? ''}`)).status).toBe(200);

    const second = await sync(id);
    expect([second['errors'], second['created']]).toEqual([[], 0]);
    expect((await linksOf(id, 'work_order')).length).toBe(orders.length);

    if (one.withoutAssets !== true) {
      const [asset] = await linksOf(id, 'asset');
      rename(one, sandbox, asset?.external_id ?? '');
      const third = await sync(id);
      expect(third).toMatchObject({ errors: [], created: 0, updated: 1 });
      const shownAsset = await call('GET', `/assets/${asset?.record_id ?? ''}`);
      expect(shownAsset.body['asset']).toMatchObject({ name: `Known as ${one.name}`.slice(0, 40) });
    }

    const { config, state } = await shown(id);
    expect([config, state]).toEqual([expect.objectContaining(one.told ?? {}), 'active']);
    await end(id);
  });

  it.each(CASES.filter(({ wrong }) => wrong !== undefined))(
    '$name: wrong credentials are failed runs, then a pause',
    async (one) => {
      const sandbox = await sandboxOf(one);
      const form = { ...one.form(sandbox.url, sandbox.credentials), ...one.wrong };
      const id = await connect(`${one.name}, wrong`, one.system, form);
      const tried = await call('POST', `/cmms/connections/${id}/test`, {});
      expect(tried.body['result']).toMatchObject({ ok: false, failure: { kind: 'unauthorized' } });
      // The first run begins by itself.
      for (let runs = 1; runs < 3; runs += 1) {
        const done = await call('POST', '/cmms/sync/all?wait=60', { cmms_connection_id: id });
        if (done.status === 409) break;
        expect(done.body).toMatchObject({ run: { state: 'failed' }, processed: 0, created: 0 });
        expect(done.body['errors']).toEqual([expect.stringMatching(/\w.*[.;]/)]);
      }
      expect(await shown(id)).toMatchObject({
        state: 'paused',
        state_reason: expect.stringMatching(/^Paused after 3 runs/),
      });
      const refused = await call('POST', '/cmms/sync/all', { cmms_connection_id: id });
      expect([refused.status, refused.body['detail']]).toEqual([409, expect.stringContaining('is paused')]);
      await end(id);
    },
  );

  it.each(['maximo', 'custom'])('an address of %s where nobody answers is told', async (system) => {
    const id = await connect(`${system} elsewhere`, system, {
      api_url: 'http://127.0.0.1:1',
      api_key: 'some-key',
    });
    const tried = await call('POST', `/cmms/connections/${id}/test`, {});
    expect(tried.body['result']).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
    expect(await sync(id)).toMatchObject({
      errors: [expect.stringMatching(/^127\.0\.0\.1:1 refuses connections; check host and port/)],
      processed: 0,
      run: { state: 'failed' },
    });
    // A system may be down for an hour: nobody has to resume anything when it is back.
    expect(await shown(id)).toMatchObject({ state: 'active' });
    await end(id);
  });

  it('an account without a site pauses the connection, which names the setting and goes on with it', async () => {
    const sandbox = await sandboxOf({ name: '', system: 'maximo', form: () => ({ api_url: '' }) });
    const front = await frontWithoutSites(sandbox.url);
    try {
      const id = await connect('no site', 'maximo', {
        api_url: front.url,
        api_key: text(sandbox.credentials['apiKey']),
      });
      // The run that began by itself may have found it out before.
      const asked = await call('POST', '/cmms/sync/all?wait=60', { cmms_connection_id: id });
      expect(JSON.stringify(asked.body)).toMatch(/the setting \\"site\\"/);
      expect(await shown(id)).toMatchObject({
        state: 'paused',
        state_reason: expect.stringMatching(/^Settings are incomplete: .* in the setting "site"\.$/),
      });
      const config = { site: 'PITMINE', baseUrl: `${sandbox.url}/maximo` };
      // Another address: the stored key was not given for it.
      expect((await call('PATCH', `/cmms/connections/${id}`, { config })).status).toBe(422);
      const secret = { apiKey: text(sandbox.credentials['apiKey']) };
      const changed = await call('PATCH', `/cmms/connections/${id}`, { config, secret });
      expect([changed.status, (await call('POST', `/cmms/connections/${id}/resume`)).status]).toEqual([
        200, 200,
      ]);
      const done = await sync(id);
      expect(done['errors']).toEqual([]);
      expect(Number(done['created'])).toBeGreaterThan(0);
      await end(id);
    } finally {
      front.close();
    }
  });
});

/** The sandbox as an account sees it that has no default site. */
async function frontWithoutSites(target: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    void (async () => {
      const headers = { apikey: String(request.headers['apikey'] ?? '') };
      const answer = await fetch(target + String(request.url), { headers });
      const body = await answer.text();
      const shownBody = String(request.url).includes('whoami')
        ? body.replaceAll(/"(?:insertSite|defaultSite|insertOrg)"\s*:\s*"[^"]*"/g, '"unset":""')
        : body;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(shownBody);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
