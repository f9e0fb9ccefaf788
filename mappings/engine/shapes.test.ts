import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../domain/kernel/failure.ts';
import { ENTITIES, ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { canonicalMembers, typeAt } from './canonical-type.ts';
import { compileMapping } from './compile.ts';

function compile(rules: string) {
  const text = `system: demo\nentity: work_order\nobject: thing\npull:\n  title: { path: name, required: true }\n${rules}`;
  return compileMapping({ file: 'demo/work_order.yaml', text });
}

const TASKS = 'each: steps, item: { sequence: { path: no }, title: { path: text } }';

describe('what the merge looks into', () => {
  it('stands in the field table', () => {
    expect(compile(`  tasks: { ${TASKS} }`).shapes).toEqual(ENTITY_DEFINITIONS.work_order.shapes);
    expect(compile('').shapes['tasks']).toEqual({ kind: 'list', identity: ['sequence'] });
  });

  it('is another identity where a rule names one, and nothing where it names none', () => {
    expect(compile(`  tasks: { ${TASKS}, identity: [title, sequence] }`).shapes['tasks']).toEqual({
      kind: 'list',
      identity: ['title', 'sequence'],
    });
    expect(compile(`  tasks: { ${TASKS}, identity: [] }`).shapes['tasks']).toBeUndefined();
    const parts = "expr: '[{}]', identity: [part, quantity]";
    expect(compile(`  parts: { ${parts} }`).shapes['parts']).toEqual({
      kind: 'list',
      identity: ['part', 'quantity'],
    });
  });

  it.each([
    [`  tasks: { ${TASKS}, identity: [number] }`, 'there is no canonical member `number` here'],
    ['  category: { path: kind, identity: [x] }', '`identity` does not go with `path`'],
    ["  category: { expr: 'kind', identity: [x] }", '`category` is no list of objects'],
  ])('%s is refused', (rules, message) => {
    expect(() => compile(rules)).toThrow(Failure);
    expect(() => compile(rules)).toThrow(message);
  });

  it.each(ENTITIES)('the table of %s names fields and members that there are', (entity) => {
    const members = canonicalMembers(entity);
    for (const [field, shape] of Object.entries(ENTITY_DEFINITIONS[entity].shapes)) {
      const type = typeAt(members, field);
      if (shape.kind !== 'list') {
        expect(['record', 'object']).toContain(type?.kind);
        continue;
      }
      const item = type?.kind === 'list' && type.item.kind === 'object' ? type.item : null;
      expect([...(item?.members.keys() ?? [])]).toEqual(expect.arrayContaining([...shape.identity]));
    }
  });

  it('every list of objects has an identity', () => {
    const without = ENTITIES.flatMap((entity) =>
      [...canonicalMembers(entity)].flatMap(([field, { type }]) =>
        type.kind === 'list' &&
        type.item.kind === 'object' &&
        ENTITY_DEFINITIONS[entity].shapes[field] === undefined
          ? [`${entity}.${field}`]
          : [],
      ),
    );
    expect(without).toEqual([]);
  });
});
