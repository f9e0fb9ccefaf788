/** Live progress as server-sent events: `progress` with the run whenever it moved, `end` with its last state. */
import { isOver, readRun, watchRun } from '../../../../plant/runs/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { eventStream, type SentEvent } from '../../frame/event-stream.ts';
import { route } from '../../frame/route.ts';
import { bytes, idParams } from '../../frame/shapes.ts';
import { shownRun } from './shapes.ts';

/** A browser's EventSource comes back by itself; a connection held for ever would be nobody's. */
const WATCH_MS_MAX = 10 * 60_000;

export const watchRunEvents = route({
  method: 'GET',
  url: '/runs/:id/events',
  id: 'watchRun',
  tag: 'Sync',
  summary: 'Watch a run',
  description:
    'Server-sent events: `progress` with the run whenever it moved, `end` with its last state. An unknown run is not found.',
  permission: 'sync:read',
  params: idParams,
  responses: { 200: bytes('text/event-stream', 'Events until the run is over, for at most ten minutes.') },
  example: { params: { id: EXAMPLE.run } },
  async handle({ deps, person, params, signal }) {
    // An unknown run is a 404, not a stream that ends.
    await readRun(person, params.id);
    const events = async function* (): AsyncGenerator<SentEvent> {
      for await (const seen of watchRun(person, params.id, { forMs: WATCH_MS_MAX, signal })) {
        yield { name: isOver(seen) ? 'end' : 'progress', data: shownRun(seen) };
      }
    };
    return eventStream(deps, signal, events());
  },
});
