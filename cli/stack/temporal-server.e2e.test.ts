import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { readSettings } from '../config.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';
import { startTemporal, type RunningTemporal } from './temporal-server.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-temporal-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('has the search attributes, and keeps workflows over a restart', async () => {
  const { address: _ignored, ...temporal } = readSettings().temporal;
  const settings = { temporal, cacheDir: readSettings().cacheDir };
  const first = await startTemporal({ settings, folder, say: () => undefined });
  await withClient(first, async (client, connection) => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: first.namespace,
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
    await client.workflow.start('nobodyRunsThis', { workflowId: 'kept', taskQueue: 'none' });
  });
  await first.stop();

  const second = await startTemporal({ settings, folder, say: () => undefined });
  try {
    await withClient(second, async (client) => {
      expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    });
    // A second program on the same cluster adds nothing and does not fail.
    const third = await startTemporal({
      settings: { ...settings, temporal: { ...temporal, address: second.address } },
      folder,
      say: () => undefined,
    });
    await third.stop();
  } finally {
    await second.stop();
  }
});

async function withClient(
  server: RunningTemporal,
  work: (client: Client, connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await Connection.connect({ address: server.address });
  try {
    await work(new Client({ connection, namespace: server.namespace }), connection);
  } finally {
    await connection.close();
  }
}
