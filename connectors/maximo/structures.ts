/**
 * Which object structure each entity is read from and written through. Administrators rename, clone and strip them, and 7.6 has
 * older ones beside `mxapi*` (contract 2.1): names are settings, and one that is not there leaves its entity out.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Failure } from '../../domain/kernel/failure.ts';
import { absentEntity } from '../kit/absent-entity.ts';
import { BESIDE } from './config.ts';
import type { Beside, MaximoSettings } from './config.ts';
import { CODES } from './failures.ts';
import { OBJECTS } from './objects.ts';
import type { VendorObject } from './objects.ts';

type Structures = Pick<MaximoSettings, 'structures'>;

/** Names that 7.6 has for the same thing. */
const OLDER: Readonly<Partial<Record<Entity, string>>> = {
  work_order: 'mxapiwo, mxwodetail or mxwo',
  request: 'mxsr',
  asset: 'mxasset',
  location: 'mxoperloc',
  part: 'mxitem',
  person: 'mxperson',
  plan: 'mxpm',
};

/** The entity's object under the name it has here; throws `absentEntity` where the settings leave it out. */
export function objectOf(entity: Entity, { structures }: Structures): VendorObject {
  const object = OBJECTS[entity];
  const name = structures[entity];
  if (name === false) {
    throw absentEntity(
      `The setting structures.${entity} says that this Maximo has no object structure for ${plural(entity)}, so they are left out.`,
      `structures.${entity}`,
    );
  }
  return name === undefined ? object : { ...object, os: name };
}

/** Null where the settings say that there is none. */
export function besideOf(name: Beside, { structures }: Structures): string | null {
  const own = structures[name];
  return own === false ? null : (own ?? BESIDE[name]);
}

/**
 * Whether a failed list speaks of the object structure and not of what was asked: it does not exist, or the account's groups may
 * not use it (contract 1.2, 6).
 */
export function isWithoutStructure({ kind, code }: Failure): boolean {
  return kind === 'not_found' || code === CODES.notAuthorised || code === CODES.notAllowed;
}

export function withoutStructure(entity: Entity, os: string, failure: Failure): Failure {
  const older = OLDER[entity];
  const hint = older === undefined ? '' : `, such as ${older} of 7.6`;
  return absentEntity(
    `Maximo gives no list of ${os}, so ${plural(entity)} are left out (${failure.message.replace(/\.$/, '')}); let the account use it, set structures.${entity} to the name it has there${hint}, or to false to leave them out for good.`,
    `structures.${entity}`,
  );
}

function plural(entity: Entity): string {
  return entity === 'person' ? 'people' : `${entity.replace('_', ' ')}s`;
}
