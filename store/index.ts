/** The repositories as one object, so that activities receive them instead of importing the store. */
import { endQueuedRuns, hasCompletedRun } from './asked-runs.ts';
import * as attachments from './attachments.ts';
import * as changes from './changes.ts';
import * as comments from './comments.ts';
import * as connectionLock from './connection-lock.ts';
import * as connections from './connections.ts';
import * as createIntents from './create-intents.ts';
import * as deletions from './deletions.ts';
import * as discoveredSchemas from './discovered-schemas.ts';
import * as exceptions from './exceptions.ts';
import * as fileQueue from './file-queue.ts';
import * as hubRecords from './hub-records.ts';
import * as links from './links.ts';
import * as matchKeys from './match-keys.ts';
import * as quarantineList from './quarantine-list.ts';
import * as newRecords from './new-records.ts';
import * as rawRecords from './raw-records.ts';
import * as readings from './readings.ts';
import * as reviewList from './review-list.ts';
import * as runs from './runs.ts';
import * as settledSettings from './settled-settings.ts';
import * as staging from './staging.ts';

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
