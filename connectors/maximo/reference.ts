/**
 * The attributes our reference is written to, by which a created record is found again, and how long they may be.
 */
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { VendorObject } from './objects.ts';
import type { WriteDeps } from './update.ts';
import { readMaxLength } from './wire.ts';

export const SOURCE = 'CHATTERFIX';
/** What the stock dictionary gives both reference attributes (contract 2.3). */
const STOCK_LENGTH = 10;

export interface Reference {
  /** Longest text `sourcesysid` holds; 0 when the object has no such attribute. */
  sourceChars: number;
}

export type ReferenceLengths = (object: VendorObject) => Promise<Reference | null>;

/** Lengths differ by release (contract 2.2), so they are read and kept for a while; without a schema stock lengths hold. */
export function createReferenceLengths({
  client,
  lists,
}: Pick<WriteDeps, 'client' | 'lists'>): ReferenceLengths {
  async function load(object: VendorObject, attribute: string): Promise<{ sourceChars: number }> {
    const hasSource = object.select.split(',').includes('sourcesysid');
    const body = await client
      .schema(object.os, attribute + (hasSource ? ',sourcesysid' : ''))
      .catch((error: unknown) => {
        const failure = toFailure(error);
        if (failure.retryable || failure.kind === 'unauthorized' || failure.kind === 'cancelled')
          throw failure;
        return null;
      });
    const length = readMaxLength(body, attribute) ?? STOCK_LENGTH;
    if (length < STOCK_LENGTH) {
      // Cut short it would no longer be unique, and a create could not be told from another's.
      throw new Failure(
        'invalid_config',
        `${attribute} of ${object.os} holds ${length} characters; widen it to ${STOCK_LENGTH} so that created records can be recognised.`,
        { path: attribute },
      );
    }
    return { sourceChars: hasSource ? (readMaxLength(body, 'sourcesysid') ?? STOCK_LENGTH) : 0 };
  }

  return async (object) => {
    const { reference } = object;
    if (reference === null) return null;
    return lists.get(`reference ${object.os}`, () => load(object, reference));
  };
}
