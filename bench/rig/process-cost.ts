/** What processes cost: processor seconds and the peak of resident memory, read from /proc (Linux only). */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second on every common build. */
const TICKS_PER_SECOND = 100;

interface Entry {
  pid: number;
  parent: number;
  /** User and system time of the process itself, and of its children that have ended and been waited for. */
  own: number;
  ended: number;
}

function entries(): Entry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      // The second field is a name in brackets that may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const time = (at: number): number => Number(fields[at] ?? 0) / TICKS_PER_SECOND;
      return stat === ''
        ? []
        : [
            {
              pid: Number(name),
              parent: Number(fields[1]),
              own: time(11) + time(12),
              ended: time(13) + time(14),
            },
          ];
    });
}

/** Processor seconds that a process and everything below it have used so far. */
export function cpuSeconds(pid: number): number {
  const all = entries();
  const sum = (root: Entry): number =>
    root.own +
    root.ended +
    all.filter(({ parent }) => parent === root.pid).reduce((s, child) => s + sum(child), 0);
  const root = all.find((entry) => entry.pid === pid);
  return root === undefined ? 0 : sum(root);
}

/** Most memory the process itself has held, in MB (10^6 bytes). */
export function peakMemoryMb(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return (Number(kib ?? 0) * 1024) / 1e6;
}

/** The process below us whose command line holds all of these words; programs started behind a shell have no number of their own. */
export function findDescendant(words: readonly string[]): number {
  const all = entries();
  const below = (pid: number): Entry[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  const found = below(process.pid).find(({ pid }) => {
    const command = read(`/proc/${pid}/cmdline`).split('\0');
    return (
      !(command[0] ?? '').endsWith('sh') && words.every((word) => command.some((part) => part.includes(word)))
    );
  });
  if (found === undefined) throw new Error(`no process of ours runs ${words.join(' ')}`);
  return found.pid;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended between the listing and the look.
    return '';
  }
}
