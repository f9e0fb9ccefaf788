/** Which files are carried at all: size and kind, the same for what comes from vendors and from people. */
import { LIMITS } from '../kernel/limits.ts';

export interface FileRefusal {
  state: 'too_large' | 'rejected';
  /** One sentence for people. */
  reason: string;
}

/** Null when the file may be carried. An unknown size is judged while the content arrives. */
export function refusalOfFile(file: { name: string; bytes: number | null }): FileRefusal | null {
  if (file.bytes !== null && file.bytes > LIMITS.fileBytesMax) return tooLarge();
  // Windows ignores dots and spaces at the end of a name.
  const extension = /\.([^.]+)$/.exec(file.name.replace(/[.\s]+$/, ''))?.[1]?.toLowerCase() ?? '';
  if (LIMITS.fileExtensionsRefused.includes(extension)) {
    return {
      state: 'rejected',
      reason: `Files of type .${extension} can run as programs and are not carried.`,
    };
  }
  return null;
}

export function tooLarge(): FileRefusal {
  const megabytes = Math.floor(LIMITS.fileBytesMax / (1024 * 1024));
  return {
    state: 'too_large',
    reason: `The file is larger than ${String(megabytes)} MiB and is not carried.`,
  };
}

/** A media type as it may stand in a header, without parameters; anything else is bytes. */
export function mediaTypeOf(text: string | null): string {
  return /^[\w.+-]+\/[\w.+-]+/.exec(text ?? '')?.[0].toLowerCase() ?? 'application/octet-stream';
}

/** Without path and control characters, at most 200 characters, its extension kept. */
export function fileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  // Vendors take names as they come; one with a line break would end up in a header.
  const clean = last.replaceAll(/\p{Cc}/gu, '').trim();
  if (clean === '' || /^\.+$/.test(clean)) return 'file';
  if (clean.length <= 200) return clean;
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? '';
  return clean.slice(0, 200 - extension.length) + extension;
}
