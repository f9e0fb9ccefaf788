/** The change feed as server-sent events: `changes` with a batch and the cursor behind it. */
import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { watchChanges, type WatchedBatch, type WatchPoint } from '../../../../plant/changes/watch-changes.ts';
import { eventStream, type SentEvent } from '../../frame/event-stream.ts';
import { route } from '../../frame/route.ts';
import { bytes, decodeCursor, encodeCursor, integerInput } from '../../frame/shapes.ts';

/** A watch held for ever would be nobody's, and its key would be asked for once; who watches goes on with the cursor. */
const WATCH_S_MAX = 600;

const point = z
  .tuple([z.string().regex(/^\d{1,20}$/), z.number().int(), z.number().int(), z.string().max(100).nullable()])
  .transform(([xid, seq, place, present]): WatchPoint => ({ feed: { xid, seq, place }, present }));

function cursorOf({ feed, present }: WatchPoint): string {
  return encodeCursor([feed.xid, feed.seq, feed.place, present]);
}

const query = z.strictObject({
  cursor: z.string().max(300).optional().meta({ description: 'Behind the last change that was taken.' }),
  from: z.enum(['now', 'start']).default('now').meta({
    description: 'Without a cursor: what changes from now on, or first every record that is there.',
  }),
  entities: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(ENTITIES)).max(ENTITIES.length))
    .optional()
    .meta({ description: 'Names of entities, separated by commas; all when absent.' }),
  seconds: integerInput
    .pipe(z.number().min(0).max(WATCH_S_MAX))
    .default(WATCH_S_MAX)
    .meta({ description: 'How long to watch; 0 ends where the feed ends.' }),
});

export const watchChangeEvents = route({
  method: 'GET',
  url: '/changes/events',
  id: 'watchChanges',
  tag: 'Sync',
  summary: 'Watch changes',
  description:
    'Server-sent events: `changes` with what changed, in the order of commits, and the cursor to go on from. The first has no changes; keep its cursor too. A watch ends after ten minutes; begin the next with the last cursor.',
  permission: 'sync:read',
  query,
  responses: { 200: bytes('text/event-stream', 'Events for as long as was asked for.') },
  example: { query: { from: 'start', seconds: '0' } },
  async handle({ deps, person, query: asked, signal }) {
    const from = decodeCursor(asked.cursor, point) ?? asked.from;
    const batches = watchChanges(person, {
      from,
      entities: asked.entities ?? ENTITIES,
      forMs: asked.seconds * 1_000,
      signal,
    });
    // A cursor that does not do is a refusal, not a stream that ends.
    const first = await batches.next();
    const events = async function* (): AsyncGenerator<SentEvent> {
      if (first.done !== true) yield eventOf(first.value);
      for await (const batch of batches) yield eventOf(batch);
    };
    return eventStream(deps, signal, events());
  },
});

function eventOf({ changes, at }: WatchedBatch): SentEvent {
  const shown = changes.map((change) => ({
    cursor: cursorOf(change.at),
    entity: change.entity,
    record_id: change.recordId,
    version: change.version,
    origin_connection_id: change.originConnectionId,
    run_id: change.runId,
  }));
  const cursor = cursorOf(at);
  return { name: 'changes', id: cursor, data: { changes: shown, cursor } };
}
