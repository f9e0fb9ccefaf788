/**
 * The one failure that says: this system does not have that entity at all. It concerns no record and no credentials, and
 * does not end a pass; the entity is left out, told once with the setting that leaves it out for good, and looked for again
 * when somebody asks.
 */
import { ABSENT_ENTITY, Failure } from '../../domain/kernel/failure.ts';

/** `setting` is the path of the connection's setting that names the entity's place there, or leaves it out. */
export function absentEntity(message: string, setting: string): Failure {
  return new Failure('invalid_config', message, { code: ABSENT_ENTITY, path: setting });
}
