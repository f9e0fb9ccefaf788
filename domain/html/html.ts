/**
 * Vendors keep long texts as HTML (Maximo long descriptions end with `<!-- RICH TEXT -->`); the hub keeps plain text. What no
 * element of HTML is called is no tag: `<PV-101>` in a plain text is a valve.
 */
import { cutText } from '../kernel/text.ts';
import { entity } from './entities.ts';

const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br ' +
    'button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed ' +
    'fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img ' +
    'input ins isindex kbd label legend li link main map mark marquee menu meta meter nav nobr noframes noscript object ol ' +
    'optgroup option output p param picture pre progress q rp rt ruby s samp script section select slot small source span ' +
    'strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var ' +
    'video wbr xmp'
  ).split(' '),
);
const BREAKS: ReadonlySet<string> = new Set(['br', 'hr']);
const BLOCKS: ReadonlySet<string> = new Set(['p', 'div', 'li', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const TAG = /<(\/?)([a-z][\w:]*)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>/iy;
const ATTRIBUTES = /^(?:\s+[a-z_:][^\s=<>"']*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*\s*\/?$/i;
const UNSEEN_END = { script: /<\/script\s*>/gi, style: /<\/style\s*>/gi };
const REFERENCE = /&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z][a-z0-9]{1,31});/gi;
/** Stands for a line break that somebody made, while blank lines that only lay out the markup are joined. No text holds it. */
const MADE = '\0';

/**
 * Plain text of HTML: comments, scripts and tags go, blocks become line breaks, entities are decoded once. A text without
 * markup stays as it is.
 */
export function stripHtml(html: string): string {
  const bare = withoutMarkup(html);
  const laidOut = bare === html ? bare : joinedLines(bare);
  const plain = laidOut.includes('&') ? laidOut.replace(REFERENCE, decoded) : laidOut;
  return plain.includes(MADE) ? plain.replaceAll(MADE, '\n') : plain;
}

/** The inverse for writing: what `stripHtml` turns back into the same text, with LF for each line's end. */
export function escapeHtml(text: string): string {
  const [start, end] = edges(text, SPACE);
  const inner = text.slice(start, end).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  // Space at the ends is nobody's layout here, so it is written as characters that no reader of HTML takes away.
  const spelled = (space: string): string => space.replace(/[^]/g, (one) => `&#${one.charCodeAt(0)};`);
  return spelled(text.slice(0, start)) + inner.replace(/\r?\n/g, '<br />') + spelled(text.slice(end));
}

/** From one `<` to the next: each is the beginning of markup or a character. */
function withoutMarkup(html: string): string {
  let [text, from] = ['', 0];
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    const markup = markupAt(html, at);
    if (markup === null) {
      at += 1;
      continue;
    }
    text += html.slice(from, at) + markup.stands;
    at = from = markup.end;
  }
  return from === 0 ? html : text + html.slice(from);
}

interface Markup {
  end: number;
  /** What is left of it in a plain text. */
  stands: string;
}

/** Comments, what no reader sees, and tags. `if (a<b && c>d)` has no attributes that look like any, so it is a text. */
function markupAt(html: string, at: number): Markup | null {
  const mark = html.charAt(at + 1);
  if (mark === '!' || mark === '?') return unshownAt(html, at);
  TAG.lastIndex = at;
  const match = TAG.exec(html);
  if (!match) return null;
  const [whole, slash, tag = '', attributes = ''] = match;
  const name = tag.toLowerCase();
  // With a prefix as word processors write them: `<o:p>`.
  const isElement = ELEMENTS.has(name) || name.includes(':');
  if (!isElement || (attributes !== '' && !ATTRIBUTES.test(attributes))) return null;
  const end = at + whole.length;
  if (slash === '' && (name === 'script' || name === 'style'))
    return { end: endOf(html, end, name), stands: '' };
  if (BREAKS.has(name)) return { end, stands: MADE };
  return { end, stands: BLOCKS.has(name) && slash === '/' ? '\n' : '' };
}

function unshownAt(html: string, at: number): Markup | null {
  if (html.startsWith('<!--', at)) {
    const end = html.indexOf('-->', at + 4);
    return { end: end < 0 ? html.length : end + 3, stands: '' };
  }
  if (!/^<(?:!doctype|\?xml)/i.test(html.slice(at, at + 9))) return null;
  const length = html.slice(at, at + DECLARATION_CHARS_MAX).indexOf('>');
  return length < 0 ? null : { end: at + length + 1, stands: '' };
}

const DECLARATION_CHARS_MAX = 300;

function endOf(html: string, from: number, name: 'script' | 'style'): number {
  const pattern = UNSEEN_END[name];
  pattern.lastIndex = from;
  const match = pattern.exec(html);
  return match ? match.index + match[0].length : html.length;
}

/** At most `length` characters of HTML, without half a tag or half an entity at the end. */
export function cutHtml(html: string, length: number): string {
  const cut = cutText(html, length);
  return cut.length === html.length ? cut : cut.replace(/<[^<>]*$|&[^;&<>\s]{0,32}$/, '');
}

/** White space at the ends of lines and more than one blank line are the markup's own. */
function joinedLines(text: string): string {
  const rows = text.split('\n').map((row) => row.slice(0, edges(row, SPACE)[1]));
  const joined = rows.join('\n').replace(/\n{3,}/g, '\n\n');
  return joined.slice(...edges(joined, `${SPACE}${MADE}`));
}

const SPACE = ' \t\r\n\f\v';

/** Where a text begins and ends when these characters are taken off its ends. By hand: `[ ]+$` looks at each run once a character. */
function edges(text: string, characters: string): [number, number] {
  let [start, end] = [0, text.length];
  while (start < end && characters.includes(text.charAt(start))) start += 1;
  while (end > start && characters.includes(text.charAt(end - 1))) end -= 1;
  return [start, end];
}

function decoded(whole: string, body: string): string {
  // A space that must not break is a space.
  if (/^(?:nbsp|#160|#xa0)$/i.test(body)) return ' ';
  if (!body.startsWith('#')) return entity(body) ?? whole;
  const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : whole;
}
