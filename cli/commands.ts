/**
 * The commands of the program as a table of contents. What a command needs is loaded when it is asked for: all of it
 * together takes a second. `load` gives what adds arguments, options, actions and subcommands.
 */
import type { Command } from 'commander';

export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<(command: Command) => void>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary:
      'Maximo, UpKeep, Fiix, SAP PM and ChatterFix kept in step, live, with real data, on embedded servers',
    load: async () => (await import('./commands/demo.ts')).addDemoCommand,
  },
  {
    name: 'up',
    summary:
      'the whole program on embedded servers, with nothing connected at first; serves until it is stopped',
    load: async () => (await import('./commands/up.ts')).addUpCommand,
  },
  {
    name: 'migrate',
    summary: 'brings the database of DATABASE_URL to the current schema',
    load: async () => (await import('./commands/services.ts')).addMigrateCommand,
  },
  {
    name: 'worker',
    summary: 'runs workflows and activities until it is stopped',
    load: async () => (await import('./commands/services.ts')).addWorkerCommand,
  },
  {
    name: 'api',
    summary: 'serves the HTTP API, webhooks, health and metrics, and gRPC where CHATTERFIX_GRPC_PORT is set',
    load: async () => (await import('./commands/services.ts')).addApiCommand,
  },
  {
    name: 'keys',
    summary: 'API keys, and the keys that seal connection secrets',
    load: async () => (await import('./commands/keys.ts')).addKeyCommands,
  },
  {
    name: 'connections',
    summary: 'systems that are kept in step',
    load: async () => (await import('./commands/connections.ts')).addConnectionCommands,
  },
  {
    name: 'sync',
    summary: 'starts a run now and prints its id',
    load: async () => (await import('./commands/runs.ts')).addSyncCommand,
  },
  {
    name: 'progress',
    summary: 'what a connection is doing now',
    load: async () => (await import('./commands/runs.ts')).addProgressCommand,
  },
  {
    name: 'runs',
    summary: 'the latest runs of a connection with their counters',
    load: async () => (await import('./commands/runs.ts')).addRunsCommand,
  },
  {
    name: 'verify',
    summary: 'reads a system again and compares every value with the hub; exit code 1 when they differ',
    load: async () => (await import('./commands/verify.ts')).addVerifyCommand,
  },
  {
    name: 'conflicts',
    summary: 'fields that both sides changed and a person decides',
    load: async () => (await import('./commands/conflicts.ts')).addConflictCommands,
  },
  {
    name: 'quarantine',
    summary: 'records that could not be mapped or were refused',
    load: async () => (await import('./commands/quarantine.ts')).addQuarantineCommands,
  },
  {
    name: 'reviews',
    summary: 'vendor records that may be one of several hub records',
    load: async () => (await import('./commands/reviews.ts')).addReviewCommands,
  },
  {
    name: 'creates',
    summary:
      'creates with an unknown outcome: several vendor records may be it, or the system cannot be searched for it; and creates that are stopped',
    load: async () => (await import('./commands/creates.ts')).addCreateCommands,
  },
  {
    name: 'deletions',
    summary: 'deletions that were too many to be carried out unasked',
    load: async () => (await import('./commands/deletions.ts')).addDeletionCommands,
  },
  {
    name: 'parked',
    summary: 'records that wait for another one, and for which',
    load: async () => (await import('./commands/deletions.ts')).addParkedCommand,
  },
  {
    name: 'records',
    summary: 'the hub records themselves',
    load: async () => (await import('./commands/records.ts')).addRecordCommands,
  },
  {
    name: 'comments',
    summary: 'the conversation of a record',
    load: async () => (await import('./commands/records.ts')).addCommentCommands,
  },
  {
    name: 'explain',
    summary: 'why each field of a record has its value, over all systems',
    load: async () => (await import('./commands/records.ts')).addExplainCommand,
  },
  {
    name: 'schema',
    summary: 'what systems say their records look like, and where that drifted',
    load: async () => (await import('./commands/schema.ts')).addSchemaCommands,
  },
  {
    name: 'mappings',
    summary: 'the rules of a connection: which field there is which field here',
    load: async () => (await import('./commands/mappings.ts')).addMappingCommands,
  },
  {
    name: 'notifications',
    summary: 'how people are told: channels, teams, policies, what was sent',
    load: async () => (await import('./commands/notifications.ts')).addNotificationCommands,
  },
  {
    name: 'oncall',
    summary: 'who is on call, now and next',
    load: async () => (await import('./commands/notifications.ts')).addOnCallCommands,
  },
  {
    name: 'sandbox',
    summary: 'runs one sandbox alone, of a vendor or of a receiver of notices',
    load: async () => (await import('./commands/sandbox.ts')).addSandboxCommand,
  },
  {
    name: 'connector',
    summary: 'connectors in code',
    load: async () => (await import('./commands/connector.ts')).addConnectorCommands,
  },
];
