// Opens the door through which test files get shared services; starts none of them.
import { RUN_URL_VARIABLE } from './ask.ts';
import { startTestRun } from './run.ts';

export default async function globalSetup() {
  const run = await startTestRun();
  process.env[RUN_URL_VARIABLE] = run.url;
  globalThis.chatterfixTestRun = run;
}
