/** SAP PM as data: what it can do with each entity and how fast we ask; with a connection's settings, which services it has. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { EntityCapability, Manifest } from '../kit/contract.ts';
import type { Service } from './config.ts';

const none = {
  read: false,
  pull: 'none',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
} as const;

const incremental = {
  read: true,
  pull: 'incremental',
  create: true,
  update: true,
  // Rows of these services are never deleted; a deletion flag is set by an action (contract, surprise 9).
  remove: false,
  comments: 'none',
  findCreated: 'reference',
} as const;

const FLAG = { by: 'the deletion flag', undo: true } as const;

export const manifest: Manifest = {
  system: 'sap_pm',
  title: 'SAP PM / S/4HANA Asset Management',
  source: 'SAP PM wire contract (released OData services of S/4HANA), read 2026-11-21',
  capabilities: {
    person: {
      ...none,
      note: 'The released services have no personnel; assignees, requesters and booked labour do not move.',
    },
    location: {
      ...incremental,
      retire: FLAG,
      note: 'New functional locations need an edit mask (locationStructure); they are deactivated, never deleted.',
    },
    asset: {
      ...incremental,
      retire: FLAG,
      note: 'Texts of 40 characters; place and parent move by install and dismantle; equipment is flagged, never deleted.',
    },
    part: {
      ...incremental,
      findCreated: 'natural_key',
      retire: FLAG,
      note: 'Stock, price and reorder point are read only; consumption is posted in SAP.',
    },
    meter: {
      ...incremental,
      pull: 'full',
      findCreated: 'natural_key',
      retire: { by: 'deactivation', undo: true },
      note: 'Measuring points tell no reliable change date; readings can only be added.',
    },
    plan: {
      ...none,
      read: true,
      pull: 'full',
      update: true,
      note: 'SAP schedules: of a maintenance item only text and priority are written.',
    },
    request: {
      ...incremental,
      retire: { by: 'rejection', undo: false },
      note: 'Notifications cannot be reopened or postponed; SAP computes the dates from the priority.',
    },
    work_order: {
      ...incremental,
      retire: { by: 'the deletion flag, released orders "not performed"', undo: true },
      note: 'No status "in progress" and no user status over OData; no comments, no labour; parts used are read only.',
    },
  },
  limits: {
    // Contract 5: no trustworthy numbers; two parallel requests, pages of 200 to 500 rows.
    pageSize: 200,
    pageSizeMax: 500,
    writeBatch: 20,
    parallel: 2,
    requestsPerSecond: 10,
    // Contract 4.2: SAP writes the time before the commit, and clocks of application servers differ.
    overlapMs: 600_000,
  },
  authModes: ['user_password', 'oauth2_client_credentials'],
  webhooks: false,
};

/** The service that an entity stands or falls with. */
const HOMES: Readonly<Partial<Record<Entity, Service>>> = {
  location: 'locations',
  asset: 'equipment',
  part: 'products',
  meter: 'points',
  plan: 'plans',
  request: 'notifications',
  work_order: 'orders',
};

/** Without the entities whose services the settings say this site does not offer. */
export function manifestFor(config: JsonObject): Manifest {
  const services = config['services'];
  const off = (service: Service): boolean =>
    typeof services === 'object' &&
    services !== null &&
    !Array.isArray(services) &&
    services[service] === false;
  const left = Object.entries(HOMES).filter(([, service]) => off(service));
  if (left.length === 0) return manifest;
  const absent = left.map(([entity, service]): [string, EntityCapability] => [
    entity,
    { ...none, note: `The setting services.${service} says that this SAP does not offer the service.` },
  ]);
  return { ...manifest, capabilities: { ...manifest.capabilities, ...Object.fromEntries(absent) } };
}
