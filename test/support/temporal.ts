/** The Temporal server and the workflow code that all test files of a run share. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { ask } from './ask.ts';

/**
 * The server of the run, without the default delays of a dev server: a workflow with one activity takes 13 ms, timers are
 * true to 20 ms. Use a task queue and workflow ids of your own. Name the file `*.e2e.test.ts`.
 */
export async function testTemporal(): Promise<{ address: string; namespace: string }> {
  return ask('temporal');
}

/** `workflows/index.ts` bundled once a run: `Worker.create({ workflowBundle: await workflowBundle(), ... })`. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  return ask('workflow-bundle');
}

/**
 * Keeps the SDK from writing its log into the test report. Call it once in a test file, before the first worker; leave it
 * out to see what a worker says.
 */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
}
