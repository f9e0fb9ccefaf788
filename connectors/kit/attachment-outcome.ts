/** From a failed upload to what became of the file, the same for every system. */
import { toFailure } from '../../domain/kernel/failure.ts';
import type { AttachmentOutcome } from './contract.ts';

/** Runs the upload. What concerns the whole connection (login, settings, a stop) is thrown on. */
export async function uploadOutcome(upload: () => Promise<string | null>): Promise<AttachmentOutcome> {
  try {
    return { outcome: 'done', externalId: await upload() };
  } catch (error) {
    const failure = toFailure(error);
    if (['unauthorized', 'invalid_config', 'cancelled', 'bug'].includes(failure.kind)) throw failure;
    if (failure.applied === 'unknown') return { outcome: 'unknown', failure };
    return { outcome: failure.retryable ? 'retry' : 'rejected', failure };
  }
}
