/** What the first sync of a connection would do, counted before it does it. */
import { Failure } from '../../domain/kernel/failure.ts';
import type { ConnectionDeps } from './actions.ts';
import type { EntityLook } from './entity-look.ts';
import { readConnection } from './list-connections.ts';

export interface FirstLook {
  connection: string;
  entities: EntityLook[];
}

/** For a minute or less an answer of the API may take; the command has no such bound. */
export async function firstLook(
  deps: ConnectionDeps,
  id: string,
  { recordsMax, signal }: { recordsMax: number; signal: AbortSignal },
): Promise<FirstLook> {
  const connection = await readConnection(deps, id);
  deps.actions.checkConfig(connection.system, connection.config);
  try {
    const entities = await deps.actions.firstLook({ connection, actor: deps.actor, recordsMax, signal });
    return { connection: connection.name, entities };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Failure(
      'unavailable',
      `${connection.name} could not be read in time; ask for fewer records, or use \`chatterfix-sync connections first-look ${connection.name}\`, which waits.`,
      { cause: error },
    );
  }
}
