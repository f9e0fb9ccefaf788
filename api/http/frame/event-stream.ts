/** Server-sent events as an answer. A stream that breaks cannot say why any more, so its cause is reported here. */
import { Readable } from 'node:stream';
import { toFailure } from '../../../domain/kernel/failure.ts';
import type { ApiDeps } from '../deps.ts';
import type { Answer } from './route.ts';

export interface SentEvent {
  name: string;
  /** Where a browser goes on by itself. */
  id?: string;
  data: unknown;
}

export function eventStream(
  deps: Pick<ApiDeps, 'onBug'>,
  signal: AbortSignal,
  events: AsyncIterable<SentEvent>,
): Answer {
  const texts = async function* (): AsyncGenerator<string> {
    try {
      for await (const { name, id, data } of events) {
        const line = id === undefined ? '' : `id: ${id}\n`;
        yield `event: ${name}\n${line}data: ${JSON.stringify(data)}\n\n`;
      }
    } catch (error) {
      if (!signal.aborted && toFailure(error).kind === 'bug') deps.onBug(error);
      throw error;
    }
  };
  return {
    headers: { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
    // Read as it is taken: a slow reader's events stay where they are.
    stream: { content: Readable.from(texts(), { highWaterMark: 1 }), mediaType: 'text/event-stream' },
  };
}
