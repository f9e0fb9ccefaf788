import { describe, expect, it } from '@jest/globals';
import { fileName, mediaTypeOf, refusalOfFile } from './file-policy.ts';
import { LIMITS } from '../kernel/limits.ts';

describe('which files are carried', () => {
  it.each(['photo.jpg', 'manual.pdf', 'README', 'archive.tar.gz', 'exe', '.profile'])('%s is', (name) => {
    expect(refusalOfFile({ name, bytes: 10 })).toBeNull();
  });

  it.each(['setup.exe', 'SETUP.EXE', 'report.pdf.js', 'run.bat. ', 'a.ps1'])('%s is not', (name) => {
    expect(refusalOfFile({ name, bytes: 10 })).toMatchObject({ state: 'rejected' });
  });

  it('size decides where it is known', () => {
    const [name, max] = ['film.mp4', LIMITS.fileBytesMax];
    expect(refusalOfFile({ name, bytes: max })).toBeNull();
    expect(refusalOfFile({ name, bytes: max + 1 })).toMatchObject({ state: 'too_large' });
    expect(refusalOfFile({ name, bytes: null })).toBeNull();
  });

  it.each([
    ['C:\\fakepath\\pump.jpg', 'pump.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['a\r\nx-evil: 1.txt', 'ax-evil: 1.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['Prüfbericht 3.pdf', 'Prüfbericht 3.pdf'],
  ])('the name of %j is %j', (given, name) => {
    expect(fileName(given)).toBe(name);
  });

  it('a long name keeps its extension', () => {
    const name = fileName(`${'x'.repeat(300)}.jpeg`);
    expect(name).toHaveLength(200);
    expect(name.endsWith('x.jpeg')).toBe(true);
  });

  it.each([
    ['image/PNG; q=1', 'image/png'],
    ['text/plain\r\nx-evil: 1', 'text/plain'],
    ['Attachment', 'application/octet-stream'],
    [null, 'application/octet-stream'],
  ])('the media type of %j is %j', (given, type) => {
    expect(mediaTypeOf(given)).toBe(type);
  });
});
