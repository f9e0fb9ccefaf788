/**
 * Starts a vendor part: its world, its dials and its rows as they were or as the seed makes them, its state file, its server.
 * What the vendor is, its plan says.
 */
import { restOf, turnDial, type DialSet, type DialValues } from './dials.ts';
import { startSandbox } from './server.ts';
import { readState, type SavedState } from './state-file.ts';
import type { Tables, TablesKept } from './tables.ts';
import type { RunningSandbox, SandboxOptions, SandboxVendor } from './types.ts';
import { createSandboxWorld, type SandboxWorld } from './world.ts';

/** What of a vendor outlives its process beside its rows; `more` is its own. */
interface Kept<M> {
  tables: TablesKept;
  dials: Record<string, unknown>;
  more: M;
}

export interface Opening<S extends DialSet, M> {
  world: SandboxWorld;
  dials: DialValues<S>;
  /** What the vendor kept beside its rows; null for a fresh one. */
  more: M | null;
  seed: string;
}

export interface Opened<N extends string, R extends object, M> extends Omit<
  SandboxVendor,
  'system' | 'world' | 'state' | 'setDial' | 'expireSessions'
> {
  tables: Tables<N, R>;
  /** Only for a fresh one: makes what the seed says. */
  fill: (seed: string) => Promise<void> | void;
  /** Before the dial is turned; true when that is all there is to do. */
  turning?: (name: string, value: unknown) => boolean;
  /** After a dial was turned. */
  turned?: (name: string) => void;
  /** Small, as JSON; nothing when absent. */
  more?: () => M;
  /** No session to end when absent. */
  expireSessions?(): void;
}

export interface VendorPlan<S extends DialSet, N extends string, R extends object, M> {
  system: string;
  dials: S;
  open: (opening: Opening<S, M>) => Opened<N, R, M> | Promise<Opened<N, R, M>>;
}

export async function startVendor<S extends DialSet, N extends string, R extends object, M>(
  plan: VendorPlan<S, N, R, M>,
  options: SandboxOptions,
): Promise<RunningSandbox> {
  const { system, dials: set } = plan;
  const { seed, stateFile } = options;
  const saved = stateFile === undefined ? null : await readState(stateFile, { system, seed });
  const settings = saved === null ? null : (saved.settings as Kept<M>);
  const world = createSandboxWorld(options, saved);
  const dials: DialValues<S> = { ...restOf(set), ...(settings?.dials as DialValues<S> | undefined) };
  const opened = await plan.open({ world, dials, seed, more: settings?.more ?? null });
  const { tables, fill, turning, turned, more, ...vendor } = opened;
  if (saved === null || settings === null) await fill(seed);
  else tables.restore(settings.tables, rowsOf<N, R>(saved));
  return startSandbox(
    {
      expireSessions: () => undefined,
      ...vendor,
      system,
      world,
      setDial(name, value) {
        if (turning?.(name, value) === true) return;
        turnDial(set, dials, name, value);
        turned?.(name);
      },
      state: {
        revision: () => tables.revision(),
        settings: (): Kept<M | null> => ({ tables: tables.kept(), dials, more: more?.() ?? null }),
        rows: () => tables.everything(),
        encode: (_table, row) => row,
      },
    },
    options,
  );
}

function rowsOf<N extends string, R>({ rows }: SavedState): (readonly [table: N, row: R])[] {
  return rows.map(([table, row]) => [table as N, row as R] as const);
}
