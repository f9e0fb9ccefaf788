/**
 * Files of Fiix (contract 1.5, 3.10): a File row names its record and its contents, which go up as a multipart form and
 * come down by the id of the contents. Links to web pages are File rows as well and are no files.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { AttachmentOutcome, Attachments, ExternalAttachment, NewAttachment } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import type { Client } from './client.ts';
import { errorOf, failureOfError } from './failures.ts';
import { where } from './pages.ts';
import type { Pages } from './pages.ts';
import { CLASSES, idOf, intOf, parseId, textOf } from './wire.ts';

/** Contract 1.5. */
const BYTES_MAX = 100 * 1024 * 1024;
const FILE_FIELDS = 'id, strName, strLink, intFileContentsID, intSize, intUpdated';
/** How much of an answer is looked at to tell an error from a file. */
const ERROR_BYTES_MAX = 64 * 1024;

export function createAttachments(client: Client, pages: Pages): Attachments {
  async function filesOf(entity: Entity, externalId: string): Promise<JsonObject[]> {
    const owner = CLASSES[entity].file;
    const id = parseId(externalId);
    if (owner === null) throw noFiles(entity);
    if (id === null) return [];
    const rows = await pages.all({
      className: 'File',
      fields: FILE_FIELDS,
      filters: [where(`${owner.field} = ?`, [id])],
    });
    return rows.filter((row) => intOf(row['intFileContentsID']) !== null);
  }

  async function list(entity: Entity, externalId: string): Promise<ExternalAttachment[]> {
    const rows = await filesOf(entity, externalId);
    const ids = rows.map((row) => intOf(row['intFileContentsID']) ?? 0);
    // Without strContents: the lists of files must not bring the files.
    const fields = 'id, strName, strMimeType, intSize';
    const contents = new Map(
      (await pages.byIds({ className: 'FileContents', fields }, ids)).map((row) => [idOf(row), row]),
    );
    return rows.map((row) => {
      const held = contents.get(intOf(row['intFileContentsID']) ?? 0) ?? {};
      const at = intOf(row['intUpdated']);
      return {
        externalId: String(idOf(row)),
        name: textOf(row['strName']) || textOf(held['strName']) || `file-${idOf(row)}`,
        mediaType: textOf(held['strMimeType']) || null,
        bytes: intOf(held['intSize']) ?? intOf(row['intSize']),
        createdAt: at === null ? null : new Date(at).toISOString(),
      };
    });
  }

  return {
    list,

    async open(entity, externalId, _address, attachment) {
      const row = (await filesOf(entity, externalId)).find(
        (file) => String(idOf(file)) === attachment.externalId,
      );
      if (row === undefined) {
        throw new Failure(
          'not_found',
          `The file "${attachment.name}" is gone from the Fiix record ${externalId}.`,
        );
      }
      const { mediaType, stream } = await client.download(intOf(row['intFileContentsID']) ?? 0);
      const isError = mediaType.includes('json') && attachment.mediaType?.includes('json') !== true;
      return isError ? assertFile(stream, client.host) : stream;
    },

    async add(entity, externalId, _address, file): Promise<AttachmentOutcome> {
      const owner = CLASSES[entity].file;
      if (owner?.source == null) throw noFiles(entity);
      if (file.bytes > BYTES_MAX) {
        const message = `Fiix takes files of at most 100 MB and "${file.name}" has ${file.bytes} bytes; make it smaller.`;
        return { outcome: 'rejected', failure: new Failure('rejected', message) };
      }
      try {
        const before = new Set((await filesOf(entity, externalId)).map(idOf));
        await client.upload(formOf(owner.source, externalId, file));
        // The shape of the answer is not known: the record's list tells the new file.
        const after = await list(entity, externalId).catch(() => []);
        const added = after.filter(
          ({ externalId: id, name }) => !before.has(Number(id)) && name === file.name,
        );
        return { outcome: 'done', externalId: added.length === 1 ? (added[0]?.externalId ?? null) : null };
      } catch (error) {
        const outcome = outcomeOf('', toFailure(error));
        if ('failure' in outcome) return { outcome: outcome.outcome, failure: outcome.failure };
        throw error;
      }
    },
  };
}

/** A multipart form of known length whose file is read while it is sent. */
function formOf(sourceInfo: string, sourceIdString: string, file: NewAttachment) {
  const boundary = `chatterfix-${randomUUID()}`;
  const fieldName = 'file0';
  const descriptions = JSON.stringify([{ sourceInfo, sourceIdString, fieldName }]);
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="descriptions"\r\n\r\n${descriptions}\r\n` +
      `--${boundary}\r\ncontent-disposition: form-data; name="${fieldName}"; filename="${quoted(file.name)}"\r\n` +
      `content-type: ${file.mediaType.replace(/[\r\n]/g, '')}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: head.length + file.bytes + tail.length,
    async open(): Promise<Readable> {
      const content = await file.open();
      return Readable.from(
        (async function* () {
          yield head;
          yield* content as AsyncIterable<Buffer>;
          yield tail;
        })(),
        { objectMode: false },
      );
    },
  };
}

/** As browsers write names (HTML, "multipart/form-data encoding algorithm"). */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** An error comes with status 200 like a file does: a JSON answer is one unless it has no `error` in it. */
async function assertFile(stream: Readable, host: string): Promise<Readable> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const rest = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let ended = false;
  while (bytes <= ERROR_BYTES_MAX) {
    const next = await rest.next();
    if (next.done === true) {
      ended = true;
      break;
    }
    chunks.push(next.value);
    bytes += next.value.length;
  }
  const error = ended ? errorOf(parsed(Buffer.concat(chunks).toString('utf8'))) : null;
  if (error !== null) throw failureOfError(host, error, 'the download');
  return Readable.from(
    (async function* () {
      yield* chunks;
      if (!ended) yield* { [Symbol.asyncIterator]: () => rest };
    })(),
    { objectMode: false },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function noFiles(entity: Entity): Failure {
  return new Failure('invalid_request', `Fiix takes no files for a ${CLASSES[entity].noun} through its API.`);
}
