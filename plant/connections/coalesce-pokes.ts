/**
 * Webhooks come in bursts: a bulk import at a vendor is thousands of deliveries, and one pass serves them all. The first
 * poke of a connection goes out at once, those within the window after it become one more at its end.
 */
import type { Entity } from '../../domain/entities/index.ts';

export interface CoalesceOptions {
  send: (connectionId: string, entities: Entity[]) => Promise<void>;
  /** Calls back when the window is over. */
  schedule: (callback: () => void) => void;
  /** A poke at the end of a window that could not be sent: the interval of the connection makes up for it. */
  onError: (error: unknown) => void;
}

/** Example: ten pokes within one window send twice. Entities are merged; an empty list means all, and stays so. */
export function coalescePokes(options: CoalesceOptions): CoalesceOptions['send'] {
  const windows = new Map<string, Set<Entity> | 'all' | null>();

  function endWindow(connectionId: string): void {
    const waiting = windows.get(connectionId) ?? null;
    windows.delete(connectionId);
    if (waiting === null) return;
    poke(connectionId, waiting === 'all' ? [] : [...waiting]).catch(options.onError);
  }

  async function poke(connectionId: string, entities: Entity[]): Promise<void> {
    const waiting = windows.get(connectionId);
    if (waiting === undefined) {
      windows.set(connectionId, null);
      options.schedule(() => {
        endWindow(connectionId);
      });
      await options.send(connectionId, entities);
      return;
    }
    if (waiting === 'all' || entities.length === 0) windows.set(connectionId, 'all');
    else windows.set(connectionId, new Set([...(waiting ?? []), ...entities]));
  }

  return poke;
}
