/** Commands over what waits for a person or for another record: a table of contents. */
import type { Command } from 'commander';
import { addConflictCommands } from './conflicts.ts';
import { addDeletionCommands, addParkedCommand } from './deletions.ts';
import { addQuarantineCommands } from './quarantine.ts';
import { addCreateCommands, addReviewCommands } from './reviews.ts';

export function addExceptionCommands(program: Command): void {
  addConflictCommands(program);
  addQuarantineCommands(program);
  addReviewCommands(program);
  addCreateCommands(program);
  addDeletionCommands(program);
  addParkedCommand(program);
}
