import { stat } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { quietRuntime, testTemporal, workflowBundle } from './temporal.ts';

it('runs the bundled workflows on the server of the run', async () => {
  quietRuntime();
  const { address, namespace } = await testTemporal();
  expect(await testTemporal()).toEqual({ address, namespace });
  const bundle = await workflowBundle();
  const { mtimeMs } = await stat(bundle.codePath);

  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  try {
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: 'support',
      workflowBundle: bundle,
    });
    const client = new Client({ connection: clientConnection, namespace });
    await worker.runUntil(async () => {
      // The worker must answer for a name that the bundle does not hold: the workflow task fails and says so.
      const handle = await client.workflow.start('noSuchWorkflow', {
        workflowId: 'support',
        taskQueue: 'support',
      });
      for (;;) {
        const { events } = await handle.fetchHistory();
        const failed = events?.find((event) => event.workflowTaskFailedEventAttributes != null);
        if (failed !== undefined) {
          expect(failed.workflowTaskFailedEventAttributes?.failure?.message).toContain('noSuchWorkflow');
          break;
        }
      }
      await handle.terminate();
    });
  } finally {
    await clientConnection.close();
    await connection.close();
  }
  expect((await stat((await workflowBundle()).codePath)).mtimeMs).toBe(mtimeMs);
});
