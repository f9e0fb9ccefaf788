/** Fiix as data: what it can do with each entity and how fast we ask. */
import type { Manifest } from '../kit/contract.ts';

const full = {
  read: true,
  pull: 'incremental',
  create: true,
  update: true,
  remove: true,
  comments: 'none',
  attachments: 'read_write',
  findCreated: 'reference',
} as const;

export const manifest: Manifest = {
  system: 'fiix',
  title: 'Fiix',
  source: 'Fiix v5 API wire contract ("MA Connect"), read 2026-11-21',
  capabilities: {
    person: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: false,
      comments: 'none',
      findCreated: 'natural_key',
      note: 'Users made through the API are inactive until somebody activates them in Fiix; being active is read, not written. User groups are left out.',
    },
    location: {
      ...full,
      note: 'Sites are made in Fiix, never here. Address and kind are written on creation only; locations have no active state.',
    },
    asset: {
      ...full,
      retire: { by: 'going offline', undo: true },
      note: 'Two states only, online and offline. The category is written on creation only.',
    },
    part: {
      ...full,
      note: 'Stock, cost, bin and store are read only: Fiix books stock by transactions.',
    },
    meter: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: false,
      comments: 'none',
      findCreated: 'natural_key',
      note: 'A meter is a unit read on an asset: it begins with its first reading, needs a unit that Fiix has, and only readings can be added.',
    },
    plan: {
      read: true,
      pull: 'incremental',
      create: false,
      update: true,
      remove: false,
      comments: 'none',
      attachments: 'read',
      findCreated: 'none',
      retire: { by: 'being paused', undo: true },
      note: 'Title, description, priority and type can be changed; triggers, dates and whether a plan runs are set in Fiix.',
    },
    request: {
      read: false,
      pull: 'none',
      create: false,
      update: false,
      remove: false,
      comments: 'none',
      findCreated: 'none',
      note: 'Fiix has no requests of their own: one is a work order with status Requested and is synchronised as such, because the same record becomes the work order when it is approved.',
    },
    work_order: {
      ...full,
      retire: { by: 'status Closed, Incomplete', undo: true },
      note: 'No comments; parts, labour and cost are read only, and estimated time belongs to the tasks.',
    },
  },
  limits: {
    // 250 and 1000 are in live use (contract 4.1).
    pageSize: 200,
    pageSizeMax: 500,
    writeBatch: 25,
    // Contract 4.3: one request at a time per tenant, 150 a minute; each request inside a batch counts.
    parallel: 1,
    requestsPerSecond: 2.5,
    overlapMs: 300_000,
  },
  authModes: ['keys'],
  webhooks: false,
};
