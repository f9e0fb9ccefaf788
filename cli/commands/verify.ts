/** `verify`: proves that a system and the hub are in step, or names what differs. */
import type { Command } from 'commander';
import { VERDICTS, type Difference } from '../../plant/verification/cross-check.ts';
import { verifyConnection, type Verification } from '../../plant/verification/verify.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionCalled, json, operate, shown, type OutputOptions } from '../person.ts';

interface VerifyOptions extends OutputOptions {
  read: boolean;
  minutes: string;
}

export function addVerifyCommand(verify: Command): void {
  verify
    .argument('<connection>')
    .option('--no-read', 'compares with what was last read there; also for a paused connection')
    .option('--minutes <n>', 'how long one reading may take', '60')
    .addOption(json())
    .action((name: string, options: VerifyOptions) =>
      operate(
        options,
        async (deps) => {
          const { id } = await connectionCalled(deps, name);
          const found = await verifyConnection(deps, {
            connectionId: id,
            read: options.read,
            withinMs: minutesOf(options.minutes) * 60_000,
            signal: new AbortController().signal,
          });
          if (!found.inStep) process.exitCode = 1;
          return found;
        },
        verificationLines,
      ),
    );
}

function minutesOf(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Failure('invalid_request', `--minutes must be a whole number from 1 to 9999, not "${text}".`);
}

function verificationLines(found: Verification): string[] {
  const { values, connection, passes } = found;
  const n = (count: number): string => count.toLocaleString('en-US');
  const compared = VERDICTS.reduce((sum, verdict) => sum + values[verdict], 0);
  const linked = found.rows.reduce((sum, row) => sum + row.linked, 0);
  return [
    `${connection} and the hub ${found.inStep ? 'are in step' : 'are NOT in step'}: ${n(compared)} values of ${n(linked)} records compared, ${n(values.different)} differ, ${n(found.missing)} records are missing there.`,
    `  ${n(values.equal)} equal, ${n(values.coarser)} as fine as the system can store, ${n(values.itsOwn)} kept there in its own way,`,
    `  ${n(values.barred)} cannot be changed there, ${n(values.waiting)} values and ${n(found.waiting)} records wait for a person or for what they belong to.`,
    passes === null
      ? `  The last full reading of ${n(found.read)} records still moved ${n(found.moved)}; let it come to rest and verify again.`
      : passes === 0
        ? '  Compared with what was last read there.'
        : `  A full reading of ${n(found.read)} records moved nothing.`,
    ...found.differences.map((difference) => `  ${differenceLine(difference)}`),
  ];
}

function differenceLine({ number, field, hub, shown: there }: Difference): string {
  return field === null
    ? `${number} (${shown(hub)}) is missing there`
    : `${number} ${field}: there ${shown(there)}, in the hub ${shown(hub)}`;
}
