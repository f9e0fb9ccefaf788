/** Commands over what waits for a person: conflicts, quarantine, matches, unclear creates, stopped deletes. */
import type { Command } from 'commander';

export function addExceptionCommands(_program: Command): void {}
