/** Reads all rows of an object structure that a condition names: what joins and look-ups are handed. Types only. */
import type { JsonObject } from '../../domain/json.ts';
import type { ListRequest } from './client.ts';

/** All rows of a filter, walked by unique id; none where the account may not read the object structure. */
export type ListAll = (
  request: Omit<ListRequest, 'orderBy' | 'pageSize'>,
  uid: string,
) => Promise<JsonObject[]>;
