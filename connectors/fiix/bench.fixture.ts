/** Sandboxes and sessions of the Fiix tests, closed after each test. */
import { fiix } from './index.ts';
import { startFiixSandbox } from './sandbox/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Session, SessionDeps } from '../kit/contract.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';

export type Row = Record<string, unknown> & { id: number };

export interface Stand {
  sandbox: RunningSandbox;
  session: Session;
  connect(changes?: { config?: JsonObject; secret?: JsonObject; deps?: Partial<SessionDeps> }): Session;
  rows(className: string): Row[];
  row(className: string, field: string, value: unknown): Row;
  insert(className: string, fields: Record<string, unknown>): number;
  /** A new machine at the first site. */
  machine(name: string, more?: Record<string, unknown>): number;
}

export function createFiixBench() {
  const closers: (() => Promise<void>)[] = [];
  return {
    async open(seed = 'empty'): Promise<Stand> {
      const sandbox = await startFiixSandbox({ seed });
      closers.push(() => sandbox.close());
      const rows = (className: string): Row[] => sandbox.control.list(className) as Row[];
      const row = (className: string, field: string, value: unknown): Row => {
        const found = rows(className).find((candidate) => candidate[field] === value);
        if (found === undefined)
          throw new Error(`The sandbox has no ${className} with ${field} ${String(value)}.`);
        return found;
      };
      const site = rows('Asset').find((asset) => asset['bolIsSite'] === 1);
      const connect: Stand['connect'] = ({ config = {}, secret = {}, deps = {} } = {}) => {
        const session = fiix.connect(
          { baseUrl: sandbox.url, site: String(site?.id), ...config },
          { ...sandbox.credentials, ...secret },
          createSessionDeps(deps),
        );
        closers.unshift(() => session.close());
        return session;
      };
      const insert = (className: string, fields: Record<string, unknown>): number =>
        (sandbox.control.insert(className, fields) as Row).id;
      return {
        sandbox,
        session: connect(),
        connect,
        rows,
        row,
        insert,
        machine: (strName, more = {}) =>
          insert('Asset', {
            strName,
            intSiteID: site?.id,
            intCategoryID: row('AssetCategory', 'intSysCode', 2).id,
            ...more,
          }),
      };
    },
    async tidy(): Promise<void> {
      for (const close of closers.splice(0)) await close();
    },
  };
}
