/**
 * Starts programs that must not outlive us, and stops what was started in the reverse order. It does not know what the
 * programs are. Every child hangs on a pipe from this process: when the pipe closes, for whatever reason (a stop, an
 * exit, a crash, SIGKILL), a small shell beside the child ends it.
 */
import { spawn } from 'node:child_process';
import { Failure } from '../../domain/kernel/failure.ts';

export interface ChildOptions {
  /** Used in messages, e.g. `PostgreSQL`. */
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Unix user and group of the child, for programs that refuse to run as root. */
  user?: { uid: number; gid: number };
  /** What asks the program to end; SIGKILL follows after 15 s. */
  stopSignal: 'INT' | 'TERM';
  /** Receives every line the program prints. */
  onLine?: (line: string) => void;
}

export interface Child {
  readonly name: string;
  /** Settles when the program has ended, with its exit code (null when a signal ended it). */
  readonly exited: Promise<number | null>;
  /** The last lines printed, for the message of a failed start. */
  tail(): string;
  /** Asks the program to end and waits until it has. */
  stop(): Promise<void>;
}

/**
 * `$1` is the signal, the rest the command. The reader holds the pipe; the program gets an empty standard input, so that
 * nothing but the reader waits on it. 150 checks of 0.1 s are the time a program has to end by itself.
 */
const LEASH = `
signal=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
(
  trap '' INT TERM HUP
  read -r _ <&3
  kill -s "$signal" "$child" 2>/dev/null
  checks=0
  while kill -0 "$child" 2>/dev/null; do
    checks=$((checks + 1))
    if [ "$checks" -gt 150 ]; then kill -s KILL "$child" 2>/dev/null; exit; fi
    sleep 0.1
  done
) >/dev/null 2>&1 &
reader=$!
exec 3<&-
wait "$child"
code=$?
kill -s KILL "$reader" 2>/dev/null
exit "$code"
`;

const TAIL_LINES = 20;

export function startChild(options: ChildOptions): Child {
  const spawned = spawn(
    '/bin/sh',
    ['-c', LEASH, 'leash', options.stopSignal, options.command, ...options.args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C in the terminal reaches only us, and we stop the children in order.
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.user ?? {}),
    },
  );
  const lines: string[] = [];
  for (const stream of [spawned.stdout, spawned.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (lines.length > TAIL_LINES) lines.shift();
        options.onLine?.(line);
      }
    });
  }
  // The pipe breaks when the program ends by itself; `exited` tells that.
  spawned.stdin.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    spawned.once('error', (error) => {
      lines.push(error.message);
      resolve(null);
    });
    spawned.once('exit', (code) => resolve(code));
  });
  return {
    name: options.name,
    exited,
    tail: () => lines.join('\n'),
    async stop() {
      spawned.stdin.end();
      await exited;
    },
  };
}

/**
 * Waits until `probe` answers without throwing, asking every 50 ms, and gives its answer. Fails with the program's last
 * lines when it ends first, or when `timeoutMs` are over.
 */
export async function untilReady<T>(child: Child, probe: () => Promise<T>, timeoutMs: number): Promise<T> {
  let ended: number | null | undefined;
  void child.exited.then((code) => (ended = code));
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let problem: unknown;
    try {
      return await probe();
    } catch (error) {
      problem = error;
    }
    if (ended !== undefined) {
      throw new Failure(
        'unavailable',
        `${child.name} ended while starting (exit code ${String(ended)}): ${child.tail()}`,
      );
    }
    if (performance.now() > deadline) {
      const reason = problem instanceof Error ? problem.message : String(problem);
      throw new Failure(
        'unavailable',
        `${child.name} did not answer within ${timeoutMs / 1000} s (${reason}): ${child.tail()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
