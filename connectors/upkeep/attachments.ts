/**
 * Files of work orders. A file is uploaded for itself and then put on the order (contract 3.13), so an upload whose answer
 * is lost leaves at worst a file on no order, and is simply made again. Members of a file record are guesses (README).
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { uploadOutcome } from '../kit/attachment-outcome.ts';
import type { Attachments, ExternalAttachment } from '../kit/contract.ts';
import type { Client } from './client.ts';
import { manifest } from './manifest.ts';
import { instantOf, OBJECTS } from './wire.ts';

export function createAttachments(client: Client): Attachments {
  /** The files named on the record, as ids or as whole objects; null when the record is gone. */
  async function named(entity: Entity, externalId: string): Promise<Json[] | null> {
    if ((manifest.capabilities[entity].attachments ?? 'none') === 'none') {
      throw new Failure('invalid_request', `Files of an UpKeep ${OBJECTS[entity].noun} are not supported.`);
    }
    const record = await client.get(OBJECTS[entity].path, externalId);
    if (record === null) return null;
    return Array.isArray(record['files']) ? record['files'] : [];
  }

  return {
    async list(entity, externalId) {
      const files: ExternalAttachment[] = [];
      for (const item of (await named(entity, externalId)) ?? []) {
        const id = idOf(item);
        if (id === null) continue;
        const told =
          isObject(item) && typeof item['name'] === 'string' ? item : await client.get('/files', id);
        if (told !== null) files.push(attachmentOf(id, told));
      }
      return files;
    },

    /** Read anew: an address in storage is signed for a short time only. */
    async open(_entity, _externalId, _address, attachment) {
      const told = await client.get('/files', attachment.externalId);
      const url = told?.['url'];
      if (typeof url === 'string' && url !== '') return client.openFile(url);
      const what = told === null ? 'is gone' : 'names no address to read it from';
      throw new Failure(
        told === null ? 'not_found' : 'unexpected_response',
        `The file ${attachment.name} at ${client.host} ${what}.`,
      );
    },

    async add(entity, externalId, _address, file) {
      const uploaded = await uploadOutcome(() => client.upload(file));
      if (uploaded.outcome !== 'done') {
        // On no order yet: whether it arrived or not, the order has not got it.
        return uploaded.outcome === 'unknown' ? { outcome: 'retry', failure: uploaded.failure } : uploaded;
      }
      const added = uploaded.externalId;
      return uploadOutcome(async () => {
        const before = await named(entity, externalId);
        if (before === null) {
          throw new Failure('rejected', `There is no ${externalId} at ${client.host} to add a file to.`);
        }
        const ids = before.flatMap((item) => idOf(item) ?? []);
        await client.patch(OBJECTS[entity].path, externalId, {
          files: [...ids, ...(added === null ? [] : [added])],
        });
        return added;
      });
    },
  };
}

function attachmentOf(id: string, file: JsonObject): ExternalAttachment {
  const { name, size, mimeType } = file;
  return {
    externalId: id,
    name: typeof name === 'string' && name !== '' ? name : id,
    mediaType: typeof mimeType === 'string' && /^[\w.+-]+\/[\w.+-]+$/.test(mimeType) ? mimeType : null,
    bytes: typeof size === 'number' && Number.isInteger(size) && size >= 0 ? size : null,
    createdAt: instantOf(file['createdAt']),
  };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idOf(value: Json): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  const id = isObject(value) ? (value['id'] ?? value['_id']) : null;
  return typeof id === 'string' ? id : null;
}
