/** What Maximo can do, as data. Sections refer to the wire contract summarised in README.md. */
import { ENTITIES } from '../../domain/entities/index.ts';
import type { EntityCapability, Manifest } from '../kit/contract.ts';

const readOnly: EntityCapability = {
  read: true,
  pull: 'full',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
};

export const manifest: Manifest = {
  system: 'maximo',
  title: 'IBM Maximo (7.6.1 and MAS Manage 8/9)',
  source: 'IBM Maximo wire contract, object structure REST API guide of December 2023',
  capabilities: {
    person: {
      ...readOnly,
      note: 'People are administered in Maximo; PERSON has no change date, so every pull walks all of them.',
    },
    location: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: true,
      comments: 'none',
      findCreated: 'natural_key',
      retire: { by: 'status DECOMMISSIONED', undo: true },
      note: 'The parent is kept per location system; it is read for the primary system and not written.',
    },
    asset: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: true,
      comments: 'none',
      attachments: 'read_write',
      findCreated: 'natural_key',
      retire: { by: 'status DECOMMISSIONED', undo: true },
    },
    part: {
      read: true,
      pull: 'full',
      create: true,
      update: true,
      remove: false,
      comments: 'none',
      findCreated: 'natural_key',
      retire: { by: 'status OBSOLETE', undo: true },
      note: 'Items and stock have no change date, so every pull walks all of them; balances move by transactions only.',
    },
    meter: {
      ...readOnly,
      pull: 'incremental',
      update: true,
      retire: { by: 'switching the meter off', undo: true },
      note: 'Meters are attached to assets in Maximo; readings are written when newer than the last one.',
    },
    plan: {
      ...readOnly,
      pull: 'incremental',
      note: 'Changing the next date of a PM has scheduling side effects in Maximo, so plans are read only.',
    },
    request: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: true,
      comments: 'none',
      attachments: 'read_write',
      findCreated: 'reference',
      retire: { by: 'status CLOSED', undo: false },
    },
    work_order: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: true,
      comments: 'read_write',
      attachments: 'read_write',
      findCreated: 'reference',
      note: 'Closed and cancelled orders are history and read only; completed orders cannot be reopened. With allowCancel orders are taken out of use by cancelling them.',
    },
  },
  // Contract 6: no documented rate limit; at most 4 parallel requests, pages of 100 to 200, bulk of 100 rows (4.8).
  limits: {
    pageSize: 200,
    pageSizeMax: 1_000,
    writeBatch: 100,
    parallel: 4,
    requestsPerSecond: 10,
    overlapMs: 5 * 60_000,
  },
  authModes: ['apikey', 'maxauth', 'basic'],
  webhooks: false,
};

const ABSENT: EntityCapability = {
  read: false,
  pull: 'none',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
};

/** Without the entities that the settings leave out; cancelling, which cannot be undone, only where it is allowed. */
export function manifestFor(config: Readonly<Record<string, unknown>>): Manifest {
  const { structures, allowCancel } = config;
  const named = typeof structures === 'object' && structures !== null ? structures : {};
  const left = ENTITIES.filter((entity) => (named as Record<string, unknown>)[entity] === false);
  const { work_order } = manifest.capabilities;
  const capabilities = {
    ...manifest.capabilities,
    ...(allowCancel === true
      ? { work_order: { ...work_order, retire: { by: 'status CAN', undo: false } } }
      : {}),
    ...Object.fromEntries(
      left.map((entity): [string, EntityCapability] => [
        entity,
        { ...ABSENT, note: `The setting structures.${entity} says that this Maximo has none.` },
      ]),
    ),
  };
  return left.length === 0 && allowCancel !== true ? manifest : { ...manifest, capabilities };
}
