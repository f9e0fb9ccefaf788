/**
 * The grammar of oslc.select (contract 3.2, 3.3) as a tree: attributes, `*`, `child{...}`, dotted 1:1 attributes, aliases
 * with `--` and `rel._dbcount`.
 */
import { queryError } from './where-parse.ts';

export interface SelectNode {
  /** Every persistent attribute of this object. */
  all: boolean;
  items: SelectItem[];
}

export type SelectItem =
  | { kind: 'attribute'; path: string[]; alias: string | null }
  | { kind: 'children'; path: string[]; node: SelectNode };

/** Splits at commas that are outside of braces. */
function splitItems(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth < 0) throw queryError(text, at);
    } else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  if (depth !== 0) throw queryError(text, text.length);
  parts.push(text.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function pathOf(text: string, whole: string): string[] {
  const path = text.split('.').map((name) => name.replace(/^spi:/, '').toLowerCase());
  if (path.some((name) => !/^\w+$/.test(name))) throw queryError(whole, Math.max(whole.indexOf(text), 0));
  return path;
}

export function parseSelect(text: string): SelectNode {
  const node: SelectNode = { all: false, items: [] };
  for (const part of splitItems(text)) {
    if (part === '*') {
      node.all = true;
      continue;
    }
    const brace = part.indexOf('{');
    if (brace >= 0) {
      if (!part.endsWith('}')) throw queryError(text, text.indexOf(part) + part.length);
      node.items.push({
        kind: 'children',
        path: pathOf(part.slice(0, brace), text),
        node: parseSelect(part.slice(brace + 1, -1)),
      });
      continue;
    }
    const [name = '', alias] = part.split('--');
    node.items.push({ kind: 'attribute', path: pathOf(name, text), alias: alias ?? null });
  }
  return node;
}
