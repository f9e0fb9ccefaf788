/** Commands over single hub records: show, set, comment, explain. */
import type { Command } from 'commander';

export function addRecordCommands(_program: Command): void {}
