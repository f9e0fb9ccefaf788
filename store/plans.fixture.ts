/** How PostgreSQL carries statements out under the program's login: which indexes it walks, and how many rows it reads for them. */
import type { Tx } from './index.ts';
import type { TestStore } from './store.fixture.ts';

export interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

export interface CarriedOut {
  indexes: string[];
  /** Tables that were read from end to end. */
  readThrough: string[];
  /** Rows that scans looked at, those thrown away included. */
  rowsRead: number;
}

interface Query {
  sql: string;
}
type Execute = (query: Query, ...rest: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/** Runs the statements of `work` and tells how; `work` itself gets no rows. */
export async function carriedOut(test: TestStore, work: (tx: Tx) => Promise<unknown>): Promise<CarriedOut> {
  return test.store.inTenant(test.tenantA, async (tx) => {
    const done: CarriedOut = { indexes: [], readThrough: [], rowsRead: 0 };
    const executor = tx.getExecutor();
    const execute = executor.executeQuery.bind(executor) as unknown as Execute;
    const explain: Execute = async (query, ...rest) => {
      const { rows } = await execute(
        { ...query, sql: `explain (analyze, format json) ${query.sql}` },
        ...rest,
      );
      for (const row of rows) {
        const [{ Plan }] = Object.values(row)[0] as [{ Plan: PlanNode }];
        visit(Plan, done);
      }
      return { rows: [] };
    };
    const explaining = new Proxy(executor, {
      get(target, name) {
        if (name === 'executeQuery') return explain;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await work({ getExecutor: () => explaining } as unknown as Tx);
    return done;
  });
}

function visit(node: PlanNode, done: CarriedOut): void {
  const index = node['Index Name'];
  if (index !== undefined) done.indexes.push(index);
  const table = node['Relation Name'];
  if (node['Node Type'] === 'Seq Scan' && table !== undefined) done.readThrough.push(table);
  // A bitmap's own scan of the index and the heap's are two looks at the same rows.
  if (node['Node Type'].includes('Scan') && node['Node Type'] !== 'CTE Scan') {
    const each =
      node['Actual Rows'] +
      (node['Rows Removed by Filter'] ?? 0) +
      (node['Rows Removed by Index Recheck'] ?? 0);
    done.rowsRead += each * node['Actual Loops'];
  }
  for (const inner of node.Plans ?? []) visit(inner, done);
}
