/** The repositories as one object, so that activities receive them instead of importing the store. */
import { endQueuedRuns, hasCompletedRun } from './runs/asked-runs.ts';
import * as attachments from './files/attachments.ts';
import * as changes from './hub/changes.ts';
import * as comments from './hub/comments.ts';
import * as connectionLock from './connections/connection-lock.ts';
import * as connections from './connections/connections.ts';
import * as createIntents from './links/create-intents.ts';
import * as deletions from './exceptions/deletions.ts';
import * as discoveredSchemas from './connections/discovered-schemas.ts';
import * as exceptions from './exceptions/exceptions.ts';
import * as fileQueue from './files/file-queue.ts';
import * as hubRecords from './hub/hub-records.ts';
import * as links from './links/links.ts';
import * as matchKeys from './hub/match-keys.ts';
import * as quarantineList from './exceptions/quarantine-list.ts';
import * as newRecords from './hub/new-records.ts';
import * as rawRecords from './links/raw-records.ts';
import * as readings from './hub/readings.ts';
import * as reviewList from './exceptions/review-list.ts';
import * as runs from './runs/runs.ts';
import * as settledSettings from './connections/settled-settings.ts';
import * as staging from './links/staging.ts';

export const repositories = {
  endQueuedRuns,
  hasCompletedRun,
  ...attachments,
  ...changes,
  ...comments,
  ...connectionLock,
  ...connections,
  ...createIntents,
  ...deletions,
  ...discoveredSchemas,
  ...exceptions,
  ...fileQueue,
  ...hubRecords,
  ...links,
  ...matchKeys,
  ...quarantineList,
  ...newRecords,
  ...rawRecords,
  ...readings,
  ...reviewList,
  ...runs,
  ...settledSettings,
  ...staging,
};

export type Repositories = typeof repositories;
export type { Store, Tx } from './database.ts';
