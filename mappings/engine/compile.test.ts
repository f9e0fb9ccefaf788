import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../domain/kernel/failure.ts';
import { loadMappings } from './load.ts';
import { compileMapping } from './compile.ts';

const HEAD = 'system: demo\nentity: work_order\nobject: thing\n';

function compile(rules: string): ReturnType<typeof compileMapping> {
  return compileMapping({ file: 'demo/work_order.yaml', text: HEAD + rules });
}

function refusal(rules: string): string {
  try {
    compile(rules);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'mapping_failed') return error.message;
    throw error;
  }
  throw new Error('the mapping was accepted');
}

describe('pull', () => {
  it('maps a Maximo work order without comments among the fields', async () => {
    const mapping = (await loadMappings(undefined, 'maximo')).get('work_order');
    const result = await mapping?.pull(
      {
        wonum: '1001',
        siteid: 'BEDFORD',
        description: 'Replace seal',
        status: 'DONE',
        status_maxvalue: 'COMP',
        assetnum: '11450',
        targcompdate: '2026-03-01T08:15:00-05:00',
        wopriority: 2,
        estdur: 1.5,
        matusetrans: [
          { itemsetid: 'SET1', itemnum: 'B', quantity: -2 },
          { itemsetid: 'SET1', itemnum: 'A', quantity: -1 },
          { itemsetid: 'SET1', itemnum: 'B', quantity: 0.5 },
        ],
        worklog: [
          { worklogid: 7, description: 'hot', createby: 'WILSON', createdate: '2026-03-01T08:15:00+00:00' },
        ],
      },
      {},
    );
    expect(result).toEqual({
      ok: true,
      fields: {
        title: 'Replace seal',
        status: 'completed',
        priority: 'high',
        asset: 'BEDFORD|11450',
        dueAt: '2026-03-01T13:15:00.000Z',
        estimatedMinutes: 90,
        parts: [
          { part: 'SET1|A', quantity: 1 },
          { part: 'SET1|B', quantity: 1.5 },
        ],
      },
      comments: [{ externalId: '7', text: 'hot', author: 'WILSON', at: '2026-03-01T08:15:00.000Z' }],
    });
  });

  it('names path, value and line of every problem', async () => {
    const mapping = compile(
      'pull:\n  title: { path: name }\n  status:\n    path: state\n    values: { 1: closed }\n  estimatedMinutes: { path: hours, factor: 60 }\n',
    );
    const result = await mapping.pull({ state: 'Z', hours: 'many' }, {});
    expect(result).toMatchObject({
      ok: false,
      partial: {},
      problems: [
        {
          path: 'status',
          message:
            '`status` is "Z" at the vendor, which has no entry in the rule\'s values; add one or set `otherwise`.',
          rule: 'demo/work_order.yaml:6',
        },
        {
          path: 'estimatedMinutes',
          message: '`estimatedMinutes` is "many" at the vendor (`hours`), which is no number.',
          rule: 'demo/work_order.yaml:9',
        },
      ],
    });
  });

  it('lets the schema have the last word', async () => {
    const mapping = compile('pull:\n  title: { path: name }\n');
    const result = await mapping.pull({ name: null }, {});
    expect(result).toMatchObject({
      ok: false,
      problems: [{ path: 'title', rule: 'demo/work_order.yaml:5' }],
    });
  });

  it('takes word maps from the connection, inverted, entry by entry', async () => {
    const mapping = compile(
      'pull:\n  title: { path: name }\n  priority: { path: p, valuesFrom: prio, values: { 0: none, 1: high } }\n',
    );
    const context = { prio: { high: 30 } };
    expect(await mapping.pull({ name: 'x', p: 30 }, context)).toMatchObject({ fields: { priority: 'high' } });
    expect(await mapping.pull({ name: 'x', p: 0 }, context)).toMatchObject({ fields: { priority: 'none' } });
    expect(await mapping.pull({ name: 'x', p: 1 }, context)).toMatchObject({ ok: false });
    expect(await mapping.pull({ name: 'x', p: 1 }, {})).toMatchObject({ fields: { priority: 'high' } });
  });
});

describe('push', () => {
  const mapping = compile(
    [
      'pull:',
      '  title: { path: name }',
      'push:',
      '  name: { from: title, maxLength: 5, truncate: true }',
      '  site: { from: [asset, location], part: 0, default: $context.site, on: create }',
      '  due: { from: dueAt, precision: second }',
      '  day: { from: dueAt, precision: day, zone: Australia/Perth }',
      '  state: { from: [status, holdReason], expr: \'status & "/" & holdReason\' }',
      '  lines: { each: parts, item: { item: { from: part, part: 1 }, n: { from: quantity } } }',
      '  mode: { const: manual, from: parts }',
      '  number: { from: number, case: lower }',
    ].join('\n'),
  );
  const record = {
    title: 'Replace seal',
    asset: 'PERTH|7',
    dueAt: '2026-03-01T20:15:30.123Z',
    status: 'on_hold',
    parts: [{ part: 'S|A', quantity: 2 }],
    number: 'WO-000001',
  };

  it('sends everything on create', async () => {
    expect(await mapping.push(record, null, { site: 'X' })).toEqual({
      ok: true,
      payload: {
        name: 'Repla',
        site: 'PERTH',
        due: '2026-03-01T20:15:30+00:00',
        day: '2026-03-02',
        state: 'on_hold/',
        lines: [{ item: 'A', n: 2 }],
        mode: 'manual',
        number: 'wo-000001',
      },
    });
  });

  it('sends only what changed, and clears what is gone', async () => {
    expect(await mapping.push(record, new Set(['status']), {})).toEqual({
      ok: true,
      payload: { state: 'on_hold/' },
    });
    expect(await mapping.push({ title: 'x' }, new Set(['dueAt', 'parts']), {})).toEqual({
      ok: true,
      payload: { due: null, day: null, lines: [], mode: 'manual' },
    });
  });

  it('knows which fields a push writes', () => {
    expect([...mapping.affected(new Set(['holdReason']))].sort()).toEqual(['holdReason', 'status']);
    expect(mapping.pushFields).toEqual([
      'title',
      'asset',
      'location',
      'dueAt',
      'status',
      'holdReason',
      'parts',
    ]);
  });
});

describe('what a mapping may not say', () => {
  it.each([
    [
      'an unknown field',
      'pull:\n  title: { path: a }\n  colour: { path: b }\n',
      'yaml:6 rule `pull.colour`: work_order has no canonical field',
    ],
    ['an unknown key', 'pull:\n  title: { path: a, colour: b }\n', 'yaml:5 rule `pull.title`'],
    [
      'a word the field does not know',
      'pull:\n  title: { path: a }\n  status: { path: b, values: { A: done } }\n',
      'which is none of requested',
    ],
    ['no rule for a required field', 'pull:\n  status: { path: b }\n', 'is required and has no rule'],
    ['a reference by expression', "pull:\n  title: { path: a }\n  asset: { expr: 'x' }\n", 'is a reference'],
    ['the clock', "pull:\n  title: { expr: '$now()' }\n", 'reads the clock'],
    [
      'randomness by another name',
      "pull:\n  title: { expr: '($r := $random; $string($r()))' }\n",
      'is random',
    ],
    ['eval', "pull:\n  title: { expr: '$eval(a)' }\n", 'runs text as code'],
    ['recursion', "pull:\n  title: { expr: '($f := function($n) { $f($n) }; $f(a))' }\n", 'allows recursion'],
    ['calling a parameter', "pull:\n  title: { expr: '(function($x) { $x($x) })(a)' }\n", 'allows recursion'],
    ['a syntax error', "pull:\n  title: { expr: 'a +' }\n", 'does not parse'],
    [
      'an undeclared dependency',
      "pull:\n  title: { path: a }\npush:\n  a: { from: title, expr: 'title & status' }\n",
      'reads `status`; add it to `from`',
    ],
    [
      'an unread dependency',
      "pull:\n  title: { path: a }\npush:\n  a: { from: [title, status], expr: 'title' }\n",
      'does not read; remove it',
    ],
    [
      'an expression over everything',
      "pull:\n  title: { path: a }\npush:\n  a: { from: [title], expr: '$string($$)' }\n",
      'reads the whole record',
    ],
    [
      'a key that would be ignored',
      'pull:\n  title: { const: a, maxLength: 2 }\n',
      '`maxLength` does not go with `const`',
    ],
    ['broken YAML', 'pull: [\n', 'is not YAML'],
    ['a wrong match field', 'match: [[colour]]\npull:\n  title: { path: a }\n', 'yaml:4 rule `match.0`'],
  ])('%s', (_name, rules, message) => {
    expect(refusal(rules)).toContain(message);
  });
});

describe('expressions that would never end', () => {
  const A30 = `${'a'.repeat(30)}!`;

  it('a pattern that backtracks for years is decided at once', async () => {
    const mapping = compile(
      'pull: { title: { path: name }, category: { expr: \'$contains(name, /^(a+)+$/) ? "yes" : "no"\' } }',
    );
    expect(await mapping.pull({ name: A30 }, {})).toMatchObject({ ok: true, fields: { category: 'no' } });
  });

  it('a pattern that cannot be decided in one pass is refused with its rule', () => {
    expect(refusal("pull: { title: { expr: '$match(name, /(?=a)b/)' } }")).toBe(
      'demo/work_order.yaml:4 rule `pull.title`: its expr has a pattern that looks ahead or behind, which cannot be decided in one pass; match the whole text instead.',
    );
  });

  it('all expressions of a record share one bound, and others get a turn in between', async () => {
    const slow = "{ expr: '$sum($map([1..19000], function($i) { $sum([1..19000]) }))' }";
    const mapping = compile(`pull: { title: { path: name }, description: ${slow}, category: ${slow} }`);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const result = await mapping.pull({ name: 'x' }, {});
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(result.ok ? [] : result.problems.map(({ message }) => message)).toEqual([
      'The expression of `description` failed: takes more time than 250 ms for this record.',
      'The expression of `category` failed: takes more time than 250 ms for this record.',
    ]);
  });
});

describe('values that say "nothing"', () => {
  const asset = (text: string) =>
    compileMapping({
      file: 'demo/asset.yaml',
      text: `system: demo\nentity: asset\nobject: thing\nempty: [false, N/A]\n${text}`,
    });
  const RULES = `pull:
  name: { path: name, required: true }
  serialNumber: { path: serial }
  location: { path: loc }
  parent: { key: [loc, serial] }
  model: { path: [serial, model] }
  purchaseCost: { sum: [a, b] }
  tags: { each: tags, item: { x: { path: y } } }
`.replace(/ {2}tags.*\n/, '');

  it('are said once for a system', async () => {
    const raw = { name: 'x', serial: false, loc: false, model: 'M', a: false, b: 2 };
    expect(await asset(RULES).pull(raw, {})).toEqual({
      ok: true,
      fields: { name: 'x', model: 'M', purchaseCost: 2 },
      comments: [],
    });
    const missing = await asset(RULES).pull({ name: 'N/A' }, {});
    expect(missing.ok ? [] : missing.problems[0]?.message).toContain('`name` is required');
  });

  it('or for one rule; a truth stays one where the field is one, and a word of the rule is a word', async () => {
    const mapping = compileMapping({
      file: 'demo/person.yaml',
      text: `system: demo\nentity: person\nobject: thing\nempty: [false]\npull:\n  name: { path: name }\n  active: { path: on }\n  phone: { path: tel, empty: ['-', 0] }\n  jobTitle: { path: boss, values: { false: Worker, true: Boss } }\n`,
    });
    expect(await mapping.pull({ name: 'x', on: false, tel: '-', boss: false }, {})).toMatchObject({
      fields: { name: 'x', active: false, jobTitle: 'Worker' },
    });
    expect(await mapping.pull({ name: 'x', tel: 0 }, {})).toMatchObject({ fields: { name: 'x' } });
  });
});

describe('at once and later', () => {
  const mapping = compile(
    "pull: { title: { path: name }, description: { expr: '$string(a + 1)' } }\npush: { t: { from: title, expr: '$string(title)' } }",
  );

  it('a record whose expressions closures decide needs no promise', async () => {
    const raw = { name: 'x', a: 1 };
    const now = mapping.pullNow(raw, {});
    expect(now).toMatchObject({ ok: true, fields: { title: 'x', description: '2' } });
    expect(await mapping.pull(raw, {})).toEqual(now);
    expect(mapping.pushNow({ title: 'x' }, null, {})).toEqual({ ok: true, payload: { t: 'x' } });
  });

  it('what they leave is told by the interpreter, in its words', async () => {
    const raw = { name: 'x', a: 'one' };
    expect(mapping.pullNow(raw, {})).toBeNull();
    const later = await mapping.pull(raw, {});
    expect(later.ok ? [] : later.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'description: The expression of `description` failed: The left side of the "+" operator must evaluate to a number.',
    ]);
  });

  it('problems in lists name the element', async () => {
    const lists = compile(
      'pull: { title: { path: name }, tasks: { each: t, item: { sequence: { path: n }, title: { path: x, required: true } } } }',
    );
    const result = await lists.pull({ name: 'x', t: [{ n: 1, x: 'a' }, { n: 'two' }, 7] }, {});
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual([
      'tasks[1].sequence',
      'tasks[1].title',
      'tasks[2]',
    ]);
  });
});
