/** Reads the command line: loads the code of the command that was asked for, and of no other. A failure is one sentence and exit code 1. */
import { Command, CommanderError } from 'commander';
import { toFailure } from '../domain/kernel/failure.ts';
import { COMMANDS } from './commands.ts';

const DESCRIPTION =
  'Keeps the maintenance systems of a plant one: IBM Maximo, UpKeep, Fiix, SAP PM, ChatterFix, and systems of your own by REST or SQL.';

/** The program with all its commands, those named `wanted` with their options and actions; the others stand in the help only. */
export async function commandLine(wanted: (name: string) => boolean): Promise<Command> {
  const program = new Command('chatterfix-sync').description(DESCRIPTION).showHelpAfterError().exitOverride();
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).description(summary);
    if (wanted(name)) (await load())(command);
  }
  // Not in the table: it is made from all of it.
  const completion = program
    .command('completion')
    .description('a script by which a shell completes commands and options');
  if (wanted('completion')) {
    const { addCompletionCommand } = await import('./commands/completion.ts');
    addCompletionCommand(completion, () => commandLine(() => true));
  }
  return program;
}

export async function runCommandLine(args: readonly string[]): Promise<void> {
  const [name] = args[0] === 'help' ? args.slice(1) : args;
  const program = await commandLine((one) => one === name);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode;
      return;
    }
    const failure = toFailure(error);
    process.stderr.write(`chatterfix-sync: ${failure.message}\n`);
    if (failure.kind === 'bug' && failure.cause instanceof Error)
      process.stderr.write(`${failure.cause.stack ?? ''}\n`);
    process.exitCode = 1;
  }
}
