/** How a test file asks the test run (`run.ts`) for a shared service. */

export interface Answers {
  database: { name: string; adminUrl: string; ownerUrl: string; url: string };
  'drop-database': null;
  temporal: { address: string; namespace: string };
  'workflow-bundle': { codePath: string };
}
export type Asked = keyof Answers;

/** Set by `global-setup.mjs` before Jest starts its workers. */
export const RUN_URL_VARIABLE = 'CHATTERFIX_TEST_RUN_URL';

export async function ask<K extends Asked>(what: K, body = ''): Promise<Answers[K]> {
  const url = process.env[RUN_URL_VARIABLE];
  if (url === undefined)
    throw new Error('No test run is active; start the tests through Jest (jest.config.mjs).');
  const response = await fetch(`${url}/${what}`, { method: 'POST', body });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as Answers[K];
}
