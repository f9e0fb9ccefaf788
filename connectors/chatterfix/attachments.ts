/** Files on assets, parts and work orders of the unified backend: added and listed; it has no call to fetch one (contract 4.1). */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { Attachments, ExternalAttachment } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import type { Client } from './client.ts';
import type { ChatterfixConfig } from './config.ts';
import type { ObjectShape, Profile } from './profile.ts';
import { instantOf } from './wall-time.ts';
import { idOf } from './wire.ts';

export interface AttachmentParts {
  client: Client;
  config: Pick<ChatterfixConfig, 'databaseZone'>;
  profile: () => Promise<Profile>;
}

export function createAttachments({ client, config, profile }: AttachmentParts): Attachments {
  async function shapeOf(entity: Entity): Promise<ObjectShape | null> {
    const now = await profile();
    const holds = entity === 'asset' || entity === 'part' || entity === 'work_order';
    return now.attachments && holds ? (now.objects[entity] ?? null) : null;
  }

  return {
    async list(entity, externalId) {
      const shape = await shapeOf(entity);
      if (shape === null) return [];
      const rows = await client.attachments(shape, externalId);
      const files = rows.flatMap((row): ExternalAttachment[] => attachmentOf(row, config.databaseZone) ?? []);
      return files.sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
    },
    async open() {
      throw new Failure(
        'invalid_request',
        'ChatterFix has no call to fetch a file, only to add and list them; fetch it there.',
      );
    },
    async add(entity, externalId, _address, file) {
      const shape = await shapeOf(entity);
      if (shape === null) {
        const failure = new Failure(
          'rejected',
          `This generation of ChatterFix takes no files on a ${entity.replace('_', ' ')}; add it there.`,
        );
        return { outcome: 'rejected', failure };
      }
      try {
        return { outcome: 'done', externalId: await client.addAttachment(shape, externalId, file) };
      } catch (error) {
        const outcome = outcomeOf(externalId, toFailure(error));
        if (outcome.outcome !== 'rejected' && outcome.outcome !== 'retry' && outcome.outcome !== 'unknown')
          throw error;
        return { outcome: outcome.outcome, failure: outcome.failure };
      }
    },
  };
}

/** The names of these fields are in no source; the usual ones are read. */
function attachmentOf(row: JsonObject, zone: string): ExternalAttachment[] | null {
  const externalId = idOf(row['id']) ?? idOf(row['attachment_id']);
  const name = firstText(row, ['original_filename', 'filename', 'file_name', 'name']);
  if (externalId === null || name === null) return null;
  const bytes = row['file_size'] ?? row['size'];
  const at = firstText(row, ['uploaded_at', 'created_at', 'upload_date']);
  return [
    {
      externalId,
      name,
      mediaType: firstText(row, ['mime_type', 'content_type', 'media_type']),
      bytes: typeof bytes === 'number' ? bytes : null,
      createdAt: at === null ? null : instantOf(at, zone),
    },
  ];
}

function firstText(row: JsonObject, names: readonly string[]): string | null {
  for (const name of names) {
    const value = row[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
