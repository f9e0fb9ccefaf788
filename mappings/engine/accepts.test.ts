import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ENTITIES, ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { instant } from '../../domain/entities/field.ts';
import { compileAccepts } from './accepts.ts';

const ODD: readonly unknown[] = [
  ...[
    undefined,
    null,
    '',
    ' ',
    'a',
    'x'.repeat(1_001),
    'x'.repeat(100_001),
    '😀',
    0,
    -0,
    -1,
    1.5,
    2 ** 53,
    Number.NaN,
    Infinity,
  ],
  ...[
    '2026-03-01',
    '2026-03-01T08:15:00.000Z',
    '2026-03-01T08:15:00Z',
    'yyyy-mm-ddThh:mm:ss.000Z',
    '2026-03-01T08:15:00.000Z\n',
  ],
  ...[true, [], ['a'], ['a', 1], {}, { a: 1 }, { a: { b: 1 } }, [{}], new Date(0), 10n],
];

describe('a quick yes is never more than zod says', () => {
  it.each(ENTITIES)('%s, each field over odd values', (entity) => {
    const { schema } = ENTITY_DEFINITIONS[entity];
    const accepts = compileAccepts(schema);
    const shape: Readonly<Record<string, z.ZodType | undefined>> = schema.shape;
    const required = Object.fromEntries(
      Object.entries(shape).flatMap(([name, member]) =>
        member instanceof z.ZodOptional
          ? []
          : [[name, member instanceof z.ZodEnum ? member.options[0] : 'a']],
      ),
    );
    let accepted = 0;
    for (const name of [...Object.keys(shape), 'unknown'])
      for (const value of ODD) {
        const fields = { ...required, [name]: value };
        if (!accepts(fields)) continue;
        accepted += 1;
        expect([name, value, schema.safeParse(fields).success]).toEqual([name, value, true]);
      }
    // Most fields take some of them, so that a schema that is never accepted would show.
    expect(accepted).toBeGreaterThan(Object.keys(shape).length);
  });

  it.each([
    [z.string().trim()],
    [
      z
        .string()
        .min(2)
        .transform((text) => text.length),
    ],
    [z.coerce.number()],
    [z.number().multipleOf(2)],
    [z.object({ a: z.string() })],
    [z.strictObject({ a: z.string() }).refine(({ a }) => a === 'b')],
    [z.record(z.string(), z.number()).refine(() => false)],
    [z.string().regex(/a/g)],
    [z.literal('a')],
    [z.array(z.string()).min(1)],
  ])('what it does not know it leaves to zod (%#)', (schema) => {
    for (const value of ['a', 'ab', ' a ', 4, { a: 'c' }, { a: 1 }, ['a']])
      expect(compileAccepts(schema)(value)).toBe(false);
  });

  it('instants to the letter', () => {
    const accepts = compileAccepts(instant);
    const good = '2026-03-01T08:15:00.000Z';
    expect(accepts(good)).toBe(true);
    for (let at = 0; at < good.length; at += 1)
      for (const one of ['x', '1', '-', 'T', 'Z', ':', '.', '/', ';']) {
        const text = good.slice(0, at) + one + good.slice(at + 1);
        expect([text, accepts(text)]).toEqual([text, instant.safeParse(text).success]);
      }
  });
});
