/**
 * Reads what is nearly JSON, for answers that the strict reader refused: NaN and infinities become their words as text,
 * control characters in texts stay, each noted with its place. Anything else that is wrong ends it, with the place.
 * Slow, and only entered when something is wrong.
 */
import { exactNumber } from './exact-number.ts';
import type { Oddity, ParsedJson } from './parsed-json.ts';

/** Deeper than any record; the reader calls itself once a level. */
const DEPTH_MAX = 500;
/** More oddities than a person reads about. */
const ODDITIES_MAX = 1_000;

const BLANK = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /true|false|null|-?(?:NaN|Infinity)|-?(?:nan|inf(?:inity)?)\b/y;
const PLAIN = /[^"\\]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const CONTROL = /[\u0000-\u001f]/;

const MEANINGS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

type Steps = (string | number)[];

class Broken extends Error {
  readonly steps: readonly (string | number)[];
  constructor(steps: Steps) {
    super('no JSON');
    this.steps = [...steps];
  }
}

export function readLoosely(text: string): ParsedJson {
  const reader = new LooseReader(text);
  try {
    const value = reader.whole();
    return { ok: true, value, oddities: reader.oddities };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const near = error.steps.length === 0 ? '' : `in ${error.steps.join('.')} `;
    const ended = reader.at >= text.length;
    return {
      ok: false,
      where:
        near + (ended ? 'at its end' : `at character ${String(reader.at + 1)} of ${String(text.length)}`),
    };
  }
}

/** A position in a text that moves on as values are read. */
class LooseReader {
  readonly oddities: Oddity[] = [];
  private readonly steps: Steps = [];
  private readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): unknown {
    const value = this.value();
    this.take(BLANK);
    if (this.at < this.text.length) this.fail();
    return value;
  }

  private value(): unknown {
    if (this.steps.length > DEPTH_MAX) this.fail();
    this.take(BLANK);
    const first = this.text[this.at];
    if (first === '{') return this.object();
    if (first === '[') return this.list();
    if (first === '"') return this.string();
    const word = this.take(WORD);
    if (word !== null) {
      if (Object.hasOwn(MEANINGS, word)) return MEANINGS[word];
      this.note(word);
      return word;
    }
    return exactNumber(this.take(NUMBER) ?? this.fail());
  }

  private object(): unknown {
    const entries: [string, unknown][] = [];
    this.at += 1;
    if (this.next('}')) return {};
    do {
      this.take(BLANK);
      if (this.text[this.at] !== '"') this.fail();
      const name = this.string();
      if (!this.next(':')) this.fail();
      entries.push([name, this.inside(name)]);
    } while (this.next(','));
    if (!this.next('}')) this.fail();
    return Object.fromEntries(entries);
  }

  private list(): unknown {
    const elements: unknown[] = [];
    this.at += 1;
    if (this.next(']')) return elements;
    do elements.push(this.inside(elements.length));
    while (this.next(','));
    if (!this.next(']')) this.fail();
    return elements;
  }

  private inside(step: string | number): unknown {
    this.steps.push(step);
    const value = this.value();
    this.steps.pop();
    return value;
  }

  private string(): string {
    this.at += 1;
    let read = '';
    for (;;) {
      const plain = this.take(PLAIN) ?? '';
      const control = CONTROL.exec(plain)?.[0];
      if (control !== undefined)
        this.note(
          `a raw control character (U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')})`,
        );
      read += plain;
      if (this.next('"', false)) return read;
      const escape = this.take(ESCAPE) ?? this.fail();
      read += JSON.parse(`"${escape}"`) as string;
    }
  }

  /** Whether this sign comes next; goes past it. */
  private next(sign: string, afterBlanks = true): boolean {
    if (afterBlanks) this.take(BLANK);
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private note(what: string): void {
    if (this.oddities.length < ODDITIES_MAX) this.oddities.push({ steps: [...this.steps], what });
  }

  private fail(): never {
    throw new Broken(this.steps);
  }
}
