/**
 * The grammar of oslc.where (contract 3.4) as a tree: terms joined by `and`, no parentheses, no `or`, no `like`, and no
 * blank after a comma inside `in [...]`. Anything else is BMXAA8744E.
 */
import { OslcError } from './oslc-error.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Literal = { kind: 'text'; text: string } | { kind: 'bare'; text: string };

export type Term =
  | { kind: 'compare'; path: string[]; op: Operator; value: Literal }
  | { kind: 'in'; path: string[]; values: Literal[] }
  | { kind: 'nested'; child: string; terms: Term[] };

export function queryError(text: string, at: number): OslcError {
  const rest = text.slice(at, at + 20);
  return new OslcError(
    400,
    'BMXAA8744E',
    `The OSLC query was not parsed. Encountered "${rest === '' ? '<EOF>' : rest}" at line 1, column ${at + 1}.`,
  );
}

const NAME = /(?:spi:)?([A-Za-z_][A-Za-z0-9_]*)/y;
const OPERATOR = / ?(>=|<=|!=|=|<|>) ?/y;
const BARE = /-?\d+(?:\.\d+)?|true|false/y;

interface Reader {
  readonly text: string;
  at: number;
  match(pattern: RegExp): RegExpExecArray | null;
  take(token: string): boolean;
  fail(): never;
}

function createReader(text: string): Reader {
  const reader: Reader = {
    text,
    at: 0,
    match(pattern) {
      pattern.lastIndex = reader.at;
      const found = pattern.exec(text);
      if (found !== null) reader.at = pattern.lastIndex;
      return found;
    },
    take(token) {
      if (!text.startsWith(token, reader.at)) return false;
      reader.at += token.length;
      return true;
    },
    fail() {
      throw queryError(text, reader.at);
    },
  };
  return reader;
}

function readName(reader: Reader): string {
  return (reader.match(NAME)?.[1] ?? reader.fail()).toLowerCase();
}

function readLiteral(reader: Reader): Literal {
  if (reader.take('"')) {
    let text = '';
    for (;;) {
      const char = reader.text[reader.at];
      if (char === undefined) return reader.fail();
      reader.at += 1;
      if (char === '"') return { kind: 'text', text };
      if (char === '\\' && reader.at < reader.text.length) {
        text += reader.text[reader.at] ?? '';
        reader.at += 1;
      } else text += char;
    }
  }
  if (reader.take('<')) {
    const end = reader.text.indexOf('>', reader.at);
    if (end < 0) return reader.fail();
    const text = reader.text.slice(reader.at, end);
    reader.at = end + 1;
    return { kind: 'text', text };
  }
  const bare = reader.match(BARE);
  return bare === null ? reader.fail() : { kind: 'bare', text: bare[0] };
}

function readList(reader: Reader): Literal[] {
  const values = [readLiteral(reader)];
  while (reader.take(',')) values.push(readLiteral(reader));
  if (!reader.take(']')) reader.fail();
  return values;
}

function readTerm(reader: Reader): Term {
  const path = [readName(reader)];
  while (reader.take('.')) path.push(readName(reader));
  if (reader.take('{')) {
    if (path.length !== 1) reader.fail();
    const terms = readTerms(reader);
    if (!reader.take('}')) reader.fail();
    return { kind: 'nested', child: path[0] ?? '', terms };
  }
  if (reader.take(' in [') || reader.take(' in[')) return { kind: 'in', path, values: readList(reader) };
  const op = reader.match(OPERATOR)?.[1] as Operator | undefined;
  if (op === undefined) return reader.fail();
  return { kind: 'compare', path, op, value: readLiteral(reader) };
}

function readTerms(reader: Reader): Term[] {
  const terms = [readTerm(reader)];
  while (reader.take(' and ')) terms.push(readTerm(reader));
  return terms;
}

export function parseWhere(text: string): Term[] {
  const reader = createReader(text.trim());
  const terms = readTerms(reader);
  if (reader.at < reader.text.length) reader.fail();
  return terms;
}
