/** Commands around runs: start one, what a connection does now, and what it did. */
import type { Command } from 'commander';
import { Failure } from '../../domain/kernel/failure.ts';
import { startRun } from '../../plant/runs/runs.ts';
import { repositories } from '../../store/index.ts';
import { connectionCalled, json, lookInStore, operate, type OutputOptions } from '../person.ts';

export function addSyncCommand(sync: Command): void {
  sync
    .argument('<connection>')
    .option('--full', 'reads everything again instead of what changed')
    .option('--sweep', 'compares all keys to find deletions')
    .addOption(json())
    .action((name: string, options: OutputOptions & { full?: boolean; sweep?: boolean }) =>
      operate(
        options,
        async (deps) => {
          const mode = options.sweep === true ? 'sweep' : options.full === true ? 'full' : 'poll';
          return startRun(deps, (await connectionCalled(deps, name)).id, mode);
        },
        ({ id }) => [id],
      ),
    );
}

export function addProgressCommand(progress: Command): void {
  progress
    .argument('<connection>')
    .addOption(json())
    .description('what a connection is doing now, as JSON')
    .action((name: string) =>
      operate(
        { json: true },
        async (deps, program) => {
          const { askProgress } = await import('../connection-service.ts');
          return askProgress(program, (await connectionCalled(deps, name)).id, name);
        },
        () => [],
      ),
    );
}

export function addRunsCommand(runs: Command): void {
  runs
    .argument('<connection>')
    .option('--limit <n>', 'how many', '10')
    .addOption(json())
    .description(
      'the latest runs of a connection with their counters, one JSON line each; with --json as one list',
    )
    .action((name: string, options: OutputOptions & { limit: string }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
        throw new Failure('invalid_request', '--limit must be from 1 to 1000.');
      return lookInStore(
        options,
        async (deps) => {
          const { id } = await connectionCalled(deps, name);
          return deps.store.inTenant(deps.tenantId, (tx) => repositories.runs.list(tx, id, limit));
        },
        (rows) => rows.map((row) => JSON.stringify(row)),
      );
    });
}
