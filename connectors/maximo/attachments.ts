/** Files of records: doclinks (contract 4.10). Links to web pages are no files and are left out. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { Json } from '../../domain/json.ts';
import { uploadOutcome } from '../kit/attachment-outcome.ts';
import type { Attachments, ExternalAttachment } from '../kit/contract.ts';
import type { MaximoClient } from './client.ts';
import { CODES } from './failures.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { instantOf } from './record.ts';
import { isObject } from './wire.ts';

export function createAttachments({ client, reader }: { client: MaximoClient; reader: Reader }): Attachments {
  /** Where the record's calls go; null for a record that is not there. */
  async function addressOf(entity: Entity, externalId: string, known: string | null): Promise<string | null> {
    if ((manifest.capabilities[entity].attachments ?? 'none') === 'none') {
      throw new Failure('invalid_request', `Files of a Maximo ${entity} are not supported.`);
    }
    if (known !== null) return known;
    return (await reader.addresses(entity, [externalId])).get(externalId)?.address ?? null;
  }

  async function existing(entity: Entity, externalId: string, known: string | null): Promise<string> {
    const address = await addressOf(entity, externalId, known);
    if (address !== null) return address;
    throw new Failure('not_found', `There is no ${externalId} in Maximo to read or add files of.`);
  }

  return {
    async list(entity, externalId, known) {
      const address = await addressOf(entity, externalId, known);
      if (address === null) return [];
      try {
        const members = await client.doclinks(address);
        return members.flatMap((member) => readDoclink(member) ?? []).sort(byAge);
      } catch (error) {
        const failure = toFailure(error);
        if (failure.code === CODES.noSuchRecord) return [];
        throw failure;
      }
    },
    async open(entity, externalId, known, attachment) {
      return client.openDoclink(await existing(entity, externalId, known), attachment);
    },
    async add(entity, externalId, known, file) {
      const address = await existing(entity, externalId, known);
      return uploadOutcome(() => client.addDoclink(address, file));
    },
  };
}

/** Ids count up, so they tell the order where the dates do not. */
function byAge(a: ExternalAttachment, b: ExternalAttachment): number {
  return Number(a.externalId) - Number(b.externalId);
}

function readDoclink(member: unknown): ExternalAttachment | null {
  if (!isObject(member)) return null;
  const about = isObject(member.describedBy) ? member.describedBy : member;
  if (typeof about.urlType === 'string' && about.urlType.toUpperCase() !== 'FILE') return null;
  const id = /\/doclinks\/(?:meta\/)?(\d+)/.exec(textOf(member.href))?.[1] ?? textOf(about.identifier);
  if (id === '') return null;
  const bytes = Number(about.attachmentSize);
  const type = isObject(about.format) ? textOf(about.format.label) : '';
  const name = [about.fileName, about.title].map(textOf).find((text) => text !== '');
  return {
    externalId: id,
    name: name ?? id,
    // The label is a media type when the file came through the API; from the screens it may be any word (guess).
    mediaType: /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0] ?? null,
    bytes: about.attachmentSize === undefined || !Number.isInteger(bytes) || bytes < 0 ? null : bytes,
    createdAt: instantOf(about.created as Json | undefined),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
