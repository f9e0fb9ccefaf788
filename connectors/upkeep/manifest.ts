/** UpKeep as data: what it can do with each entity and how fast we ask. */
import type { Manifest } from '../kit/contract.ts';

const incremental = {
  read: true,
  pull: 'incremental',
  create: true,
  update: true,
  remove: true,
  comments: 'none',
  findCreated: 'natural_key',
} as const;

export const manifest: Manifest = {
  system: 'upkeep',
  title: 'UpKeep',
  source: 'UpKeep API v2 wire contract (developers.onupkeep.com), read 2026-11-21',
  capabilities: {
    person: {
      read: true,
      pull: 'full',
      create: false,
      update: true,
      remove: false,
      comments: 'none',
      findCreated: 'none',
      note: 'UpKeep wants a password to create a user and has no call to delete one; invite users in UpKeep.',
    },
    location: { ...incremental, note: 'At most six levels of locations.' },
    asset: { ...incremental, retire: { by: 'status inactive', undo: true } },
    part: {
      ...incremental,
      note: 'A part record lives at one location; stock at several stores is several records sharing the part number.',
    },
    meter: {
      ...incremental,
      note: 'Readings can only be added, and one may raise a work order there at once.',
    },
    plan: {
      read: true,
      pull: 'full',
      create: false,
      update: false,
      remove: false,
      comments: 'none',
      findCreated: 'none',
      note: 'Preventive maintenance is read only: one record per template and schedule.',
    },
    request: {
      ...incremental,
      pull: 'full',
      retire: { by: 'cancelling', undo: false },
      note: 'A request can only be approved, rejected, cancelled or deleted; its other fields cannot be changed.',
    },
    work_order: {
      ...incremental,
      comments: 'write',
      attachments: 'read_write',
      retire: { by: 'archiving', undo: true },
      note: 'Four statuses only; messages can be posted but not read back. Creating an order e-mails the assignee.',
    },
  },
  limits: {
    // 25, 100 and 200 are in live use (contract 2.4).
    pageSize: 200,
    pageSizeMax: 1_000,
    writeBatch: 25,
    // Contract 4: at most two calls in flight; no rate figures are published.
    parallel: 2,
    requestsPerSecond: 5,
    // Contract 2.5: the one live incremental reader re-reads ten minutes.
    overlapMs: 600_000,
  },
  authModes: ['email_password', 'token'],
  webhooks: true,
};
