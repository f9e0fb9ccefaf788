/** The Temporal server and the workflow code that all test files of a run share. */
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
