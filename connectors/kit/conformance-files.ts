/** Conformance: files go both ways as far as the capability table says, byte by byte and each once. */
import { buffer } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import { newFile } from './attachments.fixture.ts';
import { drain, insertMany } from './conformance-bench.ts';
import type { Bench, Stand } from './conformance-bench.ts';
import type { EntityFixture } from './conformance-options.ts';
import type { Attachments, ExternalRecord } from './contract.ts';

/** Every byte there is, and no text. */
const PHOTO = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7) % 256));

export function proveFiles(bench: Bench, entity: Entity, fixture: EntityFixture): void {
  const able = bench.connector.manifest.capabilities[entity].attachments ?? 'none';
  if (able === 'none') return;
  const prove = bench.proofs(entity);

  prove('files', 'a record without files has none', async () => {
    const { files, record } = await subject(bench, entity, fixture);
    expect(await files.list(entity, record.externalId, record.address)).toEqual([]);
  });

  if (able === 'read') return;

  prove('files', 'what is added is listed, oldest first, by name and size', async () => {
    const { files, record } = await subject(bench, entity, fixture);
    const add = (name: string, content: string | Buffer, type: string) =>
      files.add(entity, record.externalId, record.address, newFile(name, content, type));
    expect(await add('Dichtung 50 %, ölig.jpg', PHOTO, 'image/jpeg')).toMatchObject({ outcome: 'done' });
    expect(await add('note.txt', 'It leaks.', 'text/plain')).toMatchObject({ outcome: 'done' });
    const listed = await files.list(entity, record.externalId, record.address);
    expect(listed.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['Dichtung 50 %, ölig.jpg', PHOTO.length],
      ['note.txt', 9],
    ]);
    expect(new Set(listed.map(({ externalId }) => externalId)).size).toBe(2);
  });

  if (able !== 'read_write') return;

  prove('files', 'content comes back as it was', async () => {
    const { files, record } = await subject(bench, entity, fixture);
    await files.add(entity, record.externalId, record.address, newFile('photo.jpg', PHOTO, 'image/jpeg'));
    const [listed] = await files.list(entity, record.externalId, record.address);
    if (listed === undefined) throw new Error('The file is not listed.');
    const content = await buffer(await files.open(entity, record.externalId, record.address, listed));
    expect(content.equals(PHOTO)).toBe(true);
  });
}

async function subject(
  bench: Bench,
  entity: Entity,
  fixture: EntityFixture,
): Promise<{ stand: Stand; files: Attachments; record: ExternalRecord }> {
  const stand = await bench.open();
  insertMany(stand.sandbox, fixture, 0, 1);
  const { records } = await drain(stand.session, entity, null, 5);
  const record = records.at(-1);
  const { attachments: files } = stand.session;
  if (record === undefined || files === undefined)
    throw new Error(`The manifest says that ${entity} has files; the session has none to show.`);
  return { stand, files, record };
}
