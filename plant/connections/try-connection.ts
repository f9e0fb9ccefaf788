/** A connection tried: its settings, then address and credentials. */
import { toFailure } from '../../domain/kernel/failure.ts';
import type { ConnectionDeps } from './actions.ts';
import { readConnection } from './list-connections.ts';

export interface TestResult {
  /** How far the test went: settings alone, or a login at the system. */
  scope: 'settings' | 'network';
  ok: boolean;
  account: string | null;
  version: string | null;
  failure: { kind: string; message: string } | null;
}

/** Tries the settings, then (scope `network`) address and credentials. What is wrong is the result, not an error. */
export async function tryConnection(
  deps: ConnectionDeps,
  id: string,
  scope: TestResult['scope'],
): Promise<TestResult> {
  const row = await readConnection(deps, id);
  const result = { scope, ok: true, account: null, version: null, failure: null };
  try {
    deps.actions.checkConfig(row.system, row.config);
    if (scope === 'settings') return result;
    const { account, version } = await deps.actions.probe(row, deps.actor);
    return { ...result, account, version };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'bug') throw error;
    return { ...result, ok: false, failure: { kind: failure.kind, message: failure.message } };
  }
}
