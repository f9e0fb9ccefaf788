/** Numbers of hub records in a request become their ids, wherever its schema takes both: once here, so that no operation has to. */
import { z } from 'zod';
import { Failure } from '../../../domain/kernel/failure.ts';
import { findRecordByNumber } from '../../../plant/records/records.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import type { CheckedInput } from './check-input.ts';
import { recordId } from './shapes.ts';

const NUMBER = /^[a-z]{1,4}-\d{1,12}$/i;

/** The places that may hold a number: `recordParams`, and references to schedules. */
const PLACES = [
  { part: 'params', name: 'id' },
  { part: 'query', name: 'schedule_id' },
  { part: 'body', name: 'schedule_id' },
] as const;

/** `params` is the route's schema: records that are also named by a key of their own (a part's number) are found by the operation. */
export async function withRecordIds(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  params: z.ZodType | null,
  input: CheckedInput,
): Promise<CheckedInput> {
  let known = input;
  for (const { part, name } of PLACES) {
    if (part === 'params' && !isRecordId(params)) continue;
    const values = input[part];
    if (typeof values !== 'object' || values === null) continue;
    const number: unknown = (values as Record<string, unknown>)[name];
    if (typeof number !== 'string' || !NUMBER.test(number)) continue;
    const id = await findRecordByNumber(deps, number);
    if (id === null) {
      throw new Failure(
        part === 'params' ? 'not_found' : 'invalid_request',
        `There is no record "${number}".`,
        {
          path: name,
        },
      );
    }
    known = { ...known, [part]: { ...values, [name]: id } };
  }
  return known;
}

function isRecordId(params: z.ZodType | null): boolean {
  return params instanceof z.ZodObject && params.shape['id'] === recordId;
}
