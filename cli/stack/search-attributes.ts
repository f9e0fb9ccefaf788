/** The search attributes our workflows set, and how a namespace gets them. */
import type { Connection } from '@temporalio/client';
import { Failure } from '../../domain/kernel/failure.ts';

/** All of type Keyword: matched whole. */
export const SEARCH_ATTRIBUTES = ['ChatterFixTenant', 'ChatterFixConnection', 'ChatterFixEntity'] as const;

/** `INDEXED_VALUE_TYPE_KEYWORD` of temporal.api.enums.v1. */
const KEYWORD = 2;

/** Adds those that are missing. A cluster that forbids it is told apart from one that has them. */
export async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const present = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !Object.hasOwn(present.customAttributes, name));
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  } catch (cause) {
    throw new Failure(
      'invalid_config',
      `The Temporal namespace ${namespace} lacks the search attributes ${missing.join(', ')} and they could not be added; add them as type Keyword with \`temporal operator search-attribute create\`.`,
      { cause },
    );
  }
}
