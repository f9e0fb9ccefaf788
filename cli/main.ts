/** The program `chatterfix-sync`: its commands as a table of contents. A failure is one sentence and exit code 1. */
import { Command, CommanderError } from 'commander';
import { toFailure } from '../domain/kernel/failure.ts';
import { addConnectionCommands } from './commands/connections.ts';
import { addConnectorCommands } from './commands/connector.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addExceptionCommands } from './commands/exceptions.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addRecordCommands } from './commands/records.ts';
import { addSandboxCommand } from './commands/sandbox.ts';
import { addSchemaCommands } from './commands/schema.ts';
import { addServiceCommands } from './commands/services.ts';
import { addUpCommand } from './commands/up.ts';

const program = new Command('chatterfix-sync')
  .description(
    'Keeps the maintenance systems of a plant one: IBM Maximo, UpKeep, Fiix, SAP PM, ChatterFix, and systems of your own by REST or SQL.',
  )
  .showHelpAfterError()
  .exitOverride();

addDemoCommand(program);
addUpCommand(program);
addServiceCommands(program);
addKeyCommands(program);
addConnectionCommands(program);
addExceptionCommands(program);
addRecordCommands(program);
addSchemaCommands(program);
addSandboxCommand(program);
addConnectorCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
  } else {
    const failure = toFailure(error);
    process.stderr.write(`chatterfix-sync: ${failure.message}\n`);
    if (failure.kind === 'bug' && failure.cause instanceof Error)
      process.stderr.write(`${failure.cause.stack ?? ''}\n`);
    process.exitCode = 1;
  }
}
