/** Bounds in time: of a whole call, and of the pauses within a body that streams in. */
import { Readable } from 'node:stream';
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfTransport } from './failures.ts';

/** A bound on the whole call; axios's own timeout only watches for an idle socket. */
export function startDeadline(
  outer: AbortSignal,
  timeoutMs: number,
): { signal: AbortSignal; expired(): boolean; stop(): void } {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, timeoutMs);
  const onAbort = (): void => controller.abort();
  if (outer.aborted) controller.abort();
  else outer.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    expired: () => expired,
    stop() {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}

/** A body that stops coming, or that the caller's signal ends, is destroyed with a `Failure`. */
export function boundedStream(
  source: Readable,
  timeoutMs: number,
  signal: AbortSignal,
  host: string,
): Readable {
  let timer: NodeJS.Timeout;
  const late = (): void => void source.destroy(failureOfTransport('ETIMEDOUT', host));
  const onAbort = (): void =>
    void source.destroy(new Failure('cancelled', `The download from ${host} was cancelled.`));
  const out = Readable.from(
    (async function* () {
      timer = setTimeout(late, timeoutMs);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          timer.refresh();
          yield chunk;
        }
      } catch (error) {
        throw error instanceof Failure ? error : failureOfTransport('ECONNRESET', host);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        source.destroy();
      }
    })(),
    { objectMode: false },
  );
  // A consumer that never reads must not leave the socket open.
  out.once('close', () => source.destroy());
  return out;
}
