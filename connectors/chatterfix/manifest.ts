/**
 * ChatterFix as data: what can be done with each entity and how fast we ask. `manifest` describes the default profile,
 * `unified`, and its notes say where the others differ; `manifestFor` is the one of a connection's own profile.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { EntityCapability, Manifest } from '../kit/contract.ts';
import { PROFILE_NAMES } from './config.ts';
import type { ProfileName } from './config.ts';
import { PROFILES } from './profiles.ts';
import type { ObjectShape, Profile } from './profile.ts';
import { retirement } from './ways-out.ts';

const absent: EntityCapability = {
  read: false,
  pull: 'none',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
};
const listed: EntityCapability = { ...absent, read: true, pull: 'full' };

export const manifest: Manifest = {
  system: 'chatterfix',
  title: 'ChatterFix CMMS',
  source: 'ChatterFix wire contract (public code of 5 October 2025, run; seed documents), read 2026-11-21',
  capabilities: {
    person: {
      ...listed,
      note: 'ChatterFix has no route for users: people are those listed in the setting `people` (enterprise3: also its user list); nobody is created there.',
    },
    location: {
      ...listed,
      note: 'ChatterFix has no locations, only a text on each asset: locations are those listed in the setting `locations`; none is created there.',
    },
    asset: {
      ...listed,
      create: true,
      update: true,
      ...retirement('asset', true),
      attachments: 'write',
      findCreated: 'reference',
      note: 'No deletes; purchase and warranty dates are read only; tag, serial number, manufacturer and model live in the last lines of the description; files can be added and listed, not fetched. microservices have fields for most of these and delete, enterprise3 and cmms6b cannot change an asset.',
    },
    part: {
      ...listed,
      create: true,
      update: true,
      attachments: 'write',
      findCreated: 'natural_key',
      note: 'No deletes; the part number is unique; stock is a whole number and written absolutely; the supplier is read only. consolidated, enterprise3 and cmms6b cannot change a part.',
    },
    meter: { ...absent, note: 'ChatterFix has no meters (contract 8).' },
    plan: {
      ...listed,
      note: 'Only active schedules are shown and they cannot be read one by one; ChatterFix has no call to change one. microservices, consolidated and cmms6b have none.',
    },
    request: { ...absent, note: 'ChatterFix has no requests, only work orders.' },
    work_order: {
      ...listed,
      create: true,
      attachments: 'write',
      findCreated: 'reference',
      note: 'Created only: the unified backend has no call to read one, change, close or delete a work order, and does not keep its due date. microservices, consolidated and cmms6b can change one, september can delete one; the unified backend only through the SQL fallback, which is off.',
    },
  },
  limits: {
    pageSize: 200,
    pageSizeMax: 1_000,
    writeBatch: 25,
    // Contract 9: one process that serves one request at a time.
    parallel: 2,
    requestsPerSecond: 10,
    // Every pass reads everything, so there is no window to re-read.
    overlapMs: 0,
  },
  authModes: ['none', 'token', 'api_key', 'user_password'],
  webhooks: false,
};

/** The same for another generation: what its routes allow, without the notes on the default one. */
export function manifestOf(profile: Profile): Manifest {
  const able = (entity: Entity, shape: ObjectShape): EntityCapability => ({
    ...listed,
    create: shape.created !== null,
    update: shape.update !== null,
    remove: shape.remove,
    ...retirement(entity, shape.update !== null),
    findCreated: shape.created === null ? 'none' : shape.natural === undefined ? 'reference' : 'natural_key',
    attachments: profile.attachments && entity !== 'plan' ? 'write' : 'none',
  });
  const { person, location } = manifest.capabilities;
  const capabilities = Object.entries(profile.objects).map(([entity, shape]) => [
    entity,
    able(entity as Entity, shape),
  ]);
  return {
    ...manifest,
    title: `${manifest.title}, ${profile.title}`,
    capabilities: {
      ...manifest.capabilities,
      asset: absent,
      part: absent,
      plan: absent,
      work_order: absent,
      ...(Object.fromEntries(capabilities) as Partial<Record<Entity, EntityCapability>>),
      person,
      location,
    },
  };
}

/** By the profile of the settings, which adding a connection sets to what the server says it is, and by the SQL fallback. */
export function manifestFor(config: JsonObject): Manifest {
  return manifestBy(PROFILE_NAMES.find((known) => known === config['profile']) ?? 'unified', config);
}

/** By the generation that answers, whatever the settings say. */
export function manifestBy(name: ProfileName, config: JsonObject): Manifest {
  const profile = PROFILES[name];
  const usual = name === 'unified' ? manifest : manifestOf(profile);
  if (config['sqlFallback'] !== true || !profile.sql) return usual;
  const work_order = { ...usual.capabilities.work_order, update: true, ...retirement('work_order', true) };
  return { ...usual, capabilities: { ...usual.capabilities, work_order } };
}
