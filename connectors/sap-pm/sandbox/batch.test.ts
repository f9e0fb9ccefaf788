/** `$batch`: reads, change sets, references, failures (contract 3.5); and what disturbs a client on demand. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ORDERS, READINGS, startClient, type Answer, type TestClient } from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startClient({ seed: 'site:C' });
});
afterEach(() => client.close());

function part(request: string, body = '', id = ''): string {
  const mark = id === '' ? '' : `Content-ID: ${id}\r\n`;
  return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${mark}\r\n${request}\r\nAccept: application/json\r\nContent-Type: application/json\r\n\r\n${body}\r\n`;
}

function changeSet(parts: readonly string[]): string {
  return `Content-Type: multipart/mixed; boundary=cs\r\n\r\n${parts.map((text) => `--cs\r\n${text}`).join('')}--cs--\r\n`;
}

async function batch(
  parts: readonly string[],
  service = ORDERS,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return client.send(`${service}/$batch`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary=b1', ...headers },
    body: `${parts.map((text) => `--b1\r\n${text}`).join('')}--b1--\r\n`,
  });
}

function statuses(answer: Answer): number[] {
  return [...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));
}

const ORDER = {
  MaintenanceOrderType: 'PM01',
  MaintenancePlanningPlant: '1000',
  MainWorkCenter: 'MECH-01',
  MaintenanceOrderDesc: 'Größe',
};

describe('a batch', () => {
  it('reads under all three forms of address; each part fails alone', async () => {
    const path = `${ORDERS}/MaintenanceOrder?$top=1&$select=MaintenanceOrder`;
    const answer = await batch([
      part('GET MaintenanceOrder?$top=1&$select=MaintenanceOrder HTTP/1.1'),
      part(`GET ${path} HTTP/1.1`),
      part(`GET ${client.sandbox.url}${path} HTTP/1.1`),
      part("GET MaintenanceOrder('1') HTTP/1.1"),
    ]);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/);
    expect(statuses(answer)).toEqual([200, 200, 200, 404]);
  });

  it('wants the token even for reads alone', async () => {
    const answer = await batch([part('GET MaintenanceOrder?$top=1 HTTP/1.1')], ORDERS, {
      'x-csrf-token': '',
    });
    expect([answer.status, answer.headers.get('x-csrf-token')]).toEqual([403, 'Required']);
  });

  it('runs a change set in order with references, and counts its writes once', async () => {
    const answer = await batch([
      changeSet([
        part('POST MaintenanceOrder HTTP/1.1', JSON.stringify(ORDER), '1'),
        part(
          'POST $1/to_MaintenanceOrderOperation HTTP/1.1',
          JSON.stringify({ OperationDescription: 'Zwölf' }),
          '2',
        ),
      ]),
    ]);
    expect(statuses(answer)).toEqual([201, 201]);
    expect(answer.text).toContain('content-id: 2');
    expect(answer.text).toContain('Größe');
    expect(answer.text).toContain('Zwölf');
    expect(client.sandbox.control.stats().writes.created).toEqual({
      MaintenanceOrder: 1,
      MaintenanceOrderOperation: 1,
    });
  });

  it('undoes a whole change set for one bad part, names it, and goes on behind it', async () => {
    const before = (await client.get(`${ORDERS}/MaintenanceOrder/$count`)).text;
    const answer = await batch([
      changeSet([
        part('POST MaintenanceOrder HTTP/1.1', JSON.stringify(ORDER), 'first'),
        part(
          'POST MaintenanceOrder HTTP/1.1',
          JSON.stringify({ ...ORDER, MaintenanceOrderType: 'ZZ99' }),
          'second',
        ),
      ]),
      part('GET MaintenanceOrder/$count HTTP/1.1'),
    ]);
    expect(statuses(answer)).toEqual([400, 200]);
    expect(answer.text).toContain('"ContentID":"second"');
    expect(answer.text).toContain(`\r\n\r\n${before}\r\n`);
    expect(client.sandbox.control.stats().writes.created).toEqual({});
    const outside = await batch([part('POST MaintenanceOrder HTTP/1.1', JSON.stringify(ORDER))]);
    expect(statuses(outside)).toEqual([400]);
    const inside = await batch([changeSet([part('GET MaintenanceOrder HTTP/1.1')])]);
    expect(statuses(inside)).toEqual([400]);
  });

  it('calls functions and checks etags inside', async () => {
    const key = await client.order();
    const answer = await batch([
      changeSet([part(`POST ReleaseMaintenanceOrder?MaintenanceOrder='${key}' HTTP/1.1`)]),
      changeSet([part(`PATCH MaintenanceOrder('${key}') HTTP/1.1`, '{"MaintPriority":"1"}')]),
      changeSet([part(`PATCH MaintenanceOrder('${key}') HTTP/1.1\r\nIf-Match: *`, '{"MaintPriority":"1"}')]),
    ]);
    expect(statuses(answer)).toEqual([200, 428, 204]);
  });

  it('is 200 in V4', async () => {
    const answer = await batch([part('GET MeasurementDocument?$top=1 HTTP/1.1')], READINGS);
    expect([answer.status, statuses(answer)]).toEqual([200, [200]]);
  });
});

describe('faults of the kit', () => {
  it('reach this vendor: 503 with Retry-After, an HTML logon page with 200, a lost session, a commit without an answer', async () => {
    const { control } = client.sandbox;
    const once = (effect: 'http_503' | 'html' | 'expire_session' | 'drop_after_commit', more = {}): void =>
      control.setFaults({ rules: [{ effect, times: 1, ...more }] });
    await client.token();
    once('http_503', { retryAfterS: 7 });
    const busy = await client.get(`${ORDERS}/MaintenanceOrder?$top=1`);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
    once('html');
    expect((await client.get(`${ORDERS}/MaintenanceOrder?$top=1`)).headers.get('content-type')).toMatch(
      /html/,
    );
    once('drop_after_commit', { match: { method: 'POST' } });
    await expect(client.order({ MaintenanceOrderDesc: 'Lost answer' })).rejects.toThrow();
    expect(control.list('MaintenanceOrder')).toContainEqual(
      expect.objectContaining({ MaintenanceOrderDesc: 'Lost answer' }),
    );
    once('expire_session', { match: { method: 'POST' } });
    await expect(client.order()).rejects.toThrow(/403/);
  });
});
