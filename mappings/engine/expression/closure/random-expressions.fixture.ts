/**
 * Random expressions of the forms that are compiled, and random records for them; always the same for a seed. Names are few, so that paths
 * often lead somewhere, and values are of all kinds at all places, because closures may differ where data is odd.
 */
import type { Json, JsonObject } from '../../../../domain/json.ts';

/** Looked up once: in a test runner's own context each look at a global is dear. */
const { floor, imul } = Math;

/** Numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = ['a', 'b', 'c', 'list', 'obj', 'n', 's', 'x'];
const WORDS = [
  ...[
    '',
    'on',
    'off',
    'abc',
    '12',
    '1.5',
    '-3',
    'PM: x',
    'é😀x',
    'a,b',
    ' t ',
    '0x1F',
    '1e400',
    'true',
    'length',
  ],
  ...[
    '2026-03-01',
    '2026-03-01T08:15:00Z',
    '2026-03-01T08:15:00-05:00',
    '9007199254740993',
    '<p>a &amp; b</p>',
  ],
];
const NUMBERS = [0, 1, 2, -1, 3, 1.5, 2.5, -0.5, 0.1, 1e21, 123_456_789.123, 0.285, 1.005, -2, 7];
const SINGLE = (
  'exists not boolean type count sum max min average string number floor ceil round abs length uppercase lowercase trim ' +
  'toMillis stripHtml toInstant toDate join'
).split(' ');
const PATTERNS = ['/^[0-9]{1,6}$/', '/a/i', '/x*/', '/[é]/', '/(a|b)+c/'];

export interface Generator {
  readonly expression: () => string;
  readonly record: () => JsonObject;
  readonly settings: () => JsonObject;
}

export function randomExpressions(seed: number): Generator {
  const random = randomNumbers(seed);
  const data = createData(random);
  return {
    expression: createExpressions(random),
    record: () => data.object(4),
    settings: () => data.object(2),
  };
}

function tools(random: () => number) {
  const below = (limit: number): number => floor(random() * limit);
  return {
    below,
    chance: (share: number): boolean => random() < share,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
    many: <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make),
  };
}

function createData(random: () => number) {
  const { below, chance, pick, many } = tools(random);
  const value = (depth: number): Json => {
    const kind = random();
    if (kind < 0.08) return null;
    if (kind < 0.16) return chance(0.5);
    if (kind < 0.34 || depth <= 0) return pick(NUMBERS);
    if (kind < 0.54) return pick(WORDS);
    return kind < 0.76 ? list(depth - 1) : object(depth - 1);
  };
  const list = (depth: number): Json[] => {
    const count = pick([0, 1, 1, 2, 3, 4]);
    const kind = random();
    if (kind < 0.25) return many(count, () => pick(NUMBERS));
    if (kind < 0.5) return many(count, () => pick(WORDS));
    if (kind < 0.65) return many(count, () => (depth > 0 && chance(0.7) ? list(depth - 1) : pick(NUMBERS)));
    return many(count, () => (kind < 0.85 ? object(depth) : value(depth)));
  };
  const object = (depth: number): JsonObject => {
    const made: JsonObject = {};
    for (let member = depth >= 3 ? 3 + below(8) : below(6); member > 0; member -= 1)
      made[pick(NAMES)] = value(depth);
    if (chance(0.01)) made['length'] = below(3);
    if (chance(0.003)) made[pick(['_jsonata_lambda', 'tupleStream', 'outerWrapper', 'sequence'])] = true;
    return made;
  };
  return { object };
}

function createExpressions(random: () => number): () => string {
  const { below, chance, pick, many } = tools(random);
  let bound: string[] = [];
  const literal = (): string => {
    const kind = random();
    if (kind < 0.4) return `'${pick(WORDS)}'`;
    return kind < 0.75 ? String(pick(NUMBERS)) : pick(['true', 'false', 'null']);
  };
  const names = (): string =>
    many(pick([1, 1, 1, 2, 2, 3]), () => pick(NAMES) + (chance(0.18) ? `[${filter(1)}]` : '')).join('.');
  const filter = (depth: number): string => {
    const kind = random();
    if (kind < 0.3) return String(pick([0, 1, 2, -1, -2, 1.7]));
    if (kind < 0.45) return `$ ${pick(['=', '!=', '>', '<'])} ${literal()}`;
    if (kind < 0.6) return `${pick(NAMES)} ${pick(['=', '!=', '<', '>='])} ${literal()}`;
    if (kind < 0.7 && bound.length > 0) return pick(bound);
    return kind < 0.8 ? pick(NAMES) : expression(depth - 1);
  };
  const leaf = (): string => {
    const kind = random();
    if (kind < 0.5) return names();
    if (kind < 0.58 && bound.length > 0) return pick(bound);
    if (kind < 0.63) return '$';
    if (kind < 0.66) return `$$.${pick(NAMES)}`;
    return kind < 0.7 ? `$context.${pick(NAMES)}` : literal();
  };
  const inside = (text: string): string => (/^[\w$.]+$/.test(text) ? text : `(${text})`);
  const withNames = (added: string[], make: () => string): string => {
    const before = bound;
    bound = [...before, ...added];
    const text = make();
    bound = before;
    return text;
  };
  const expression = (depth: number): string => {
    if (depth <= 0) return leaf();
    const part = (): string => expression(depth - 1 - below(2));
    const operand = (): string => inside(part());
    const forms: (() => string)[] = [
      () => `${operand()} ${pick(['+', '-', '*', '/', '%'])} ${operand()}`,
      () => `${operand()} ${pick(['=', '!=', '<', '<=', '>', '>=', 'in', '&', '&'])} ${operand()}`,
      () => `${operand()} ${pick(['and', 'or', '??', '?:'])} ${operand()}`,
      () => `${operand()} ? ${operand()}${chance(0.7) ? ` : ${operand()}` : ''}`,
      () => `[${many(below(4), part).join(', ')}]${chance(0.25) ? `[${filter(depth)}]` : ''}`,
      () =>
        `{${[...new Set(many(1 + below(3), () => pick(NAMES)))].map((name) => `'${name}': ${part()}`).join(', ')}}`,
      () => {
        const name = `$v${bound.length}`;
        const first = part();
        return withNames([name], () => `(${name} := ${first}; ${expression(depth - 1)})`);
      },
      () => `(${part()})${chance(0.4) ? `[${filter(depth)}]` : ''}`,
      () => `${names()}.(${part()})`,
      () => `${names()}.{'${pick(NAMES)}': ${part()}}`,
      () => `${names()}.$${pick(SINGLE)}(${part()})`,
      () => `$${pick(SINGLE)}(${part()})`,
      () => `$${pick(SINGLE)}(${names()})`,
      () => `${operand()} ~> $${pick(SINGLE)}()`,
      () => `$round(${part()}, ${pick([0, 1, 2, -1])})`,
      () =>
        `$substring(${part()}, ${pick([0, 1, -1, -2, 2])}${chance(0.5) ? `, ${pick([0, 1, 2, 4])}` : ''})`,
      () =>
        `$${pick(['substringBefore', 'substringAfter', 'contains', 'split'])}(${part()}, ${chance(0.8) ? `'${pick(['a', ' ', 'x', '', '1', ':'])}'` : part()})`,
      () => `$contains(${part()}, ${pick(PATTERNS)})`,
      () =>
        `$lookup(${chance(0.5) ? `{'${pick(NAMES)}': ${part()}, 'on': [${part()}, 'k']}` : part()}, ${chance(0.4) ? `'${pick(NAMES)}'` : part()})`,
      () =>
        `$join(${chance(0.6) ? `[${part()}, ${part()}, ${names()}][$ != '']` : part()}, ${chance(0.8) ? "', '" : part()})`,
      () => mapped(depth),
      () => mapped(depth),
      () => folded(depth),
      () => `-${operand()}`,
    ];
    return pick(forms)();
  };
  const mapped = (depth: number): string => {
    const parameters = [`$p${bound.length}`, `$i${bound.length}`, `$l${bound.length}`].slice(0, 1 + below(3));
    const of = chance(0.7) ? names() : expression(depth - 1);
    return withNames(parameters.slice(0, 2), () => {
      const body = expression(depth - 1);
      const kind = random();
      const shown = kind < 0.4 ? `{'${pick(NAMES)}': ${body}}` : kind < 0.7 ? body : `(${body})`;
      const call = `$${pick(['map', 'filter'])}(${of}, function(${parameters.join(', ')}) { ${shown} })`;
      return chance(0.12) ? `${call}[${filter(depth)}]` : call;
    });
  };
  const folded = (depth: number): string => {
    const parameters = [`$s${bound.length}`, `$e${bound.length}`];
    const of = chance(0.7) ? names() : expression(depth - 1);
    const begin = chance(0.5) ? `, ${expression(depth - 1)}` : '';
    return withNames(
      parameters,
      () => `$reduce(${of}, function(${parameters.join(', ')}) { ${expression(depth - 1)} }${begin})`,
    );
  };
  return () => {
    bound = [];
    return expression(1 + below(4));
  };
}
