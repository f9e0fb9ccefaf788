// Stops what the run started and removes its folder.
export default async function globalTeardown() {
  await globalThis.chatterfixTestRun?.stop();
}
