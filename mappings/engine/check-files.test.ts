import { describe, expect, it } from '@jest/globals';
import { readCases, runCases } from './cases.ts';
import { checkAgainstVendor } from './check.ts';
import { checkFiles } from './check-files.ts';
import { compileMapping } from './compile.ts';
import { checkRoundTrips } from './round-trip.ts';
import { readMapping } from './source.ts';
import { readVendorSchema } from './vendor-schema.ts';

const VENDOR = readVendorSchema({
  file: 'demo/schema/work_order.yaml',
  text: `
object: thing
attributes:
  name: { type: text, maxLength: 20 }
  note: { type: text, nullable: true }
  state: { type: text, values: [A, B] }
  due: { type: instant, nullable: true, precision: second }
  day: { type: date, nullable: true }
  hours: { type: number, nullable: true, unit: hours }
  n: { type: integer, nullable: true }
  id: { type: text, readOnly: true }
  flag: { type: boolean, nullable: true }
  sub: { type: list, nullable: true, item: { seq: { type: integer }, label: { type: text, nullable: true } } }
`,
});

function check(rules: string): string[] {
  const text = `system: demo\nentity: work_order\nobject: thing\n${rules}`;
  compileMapping({ file: 'demo.yaml', text });
  return checkAgainstVendor({ file: 'demo.yaml', text }, VENDOR).map(
    ({ where, message }) => `${where} ${message}`,
  );
}

const TITLE = 'pull:\n  title: { path: name }\n';
const STATUS =
  '{ requested: A, scheduled: A, in_progress: B, on_hold: B, completed: B, closed: B, cancelled: B }';

describe('the mappings that ship', () => {
  it('compile, fit their vendors, pass their cases and come to rest', async () => {
    const { mappings, cases, findings } = await checkFiles();
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(mappings).toBeGreaterThanOrEqual(16);
    expect(cases).toBeGreaterThanOrEqual(16 * 4);
  });
});

describe('the type check', () => {
  it('accepts a mapping that fits', () => {
    expect(
      check(
        `pull:\n  title: { path: name }\n  status: { path: state, values: { A: scheduled, B: completed } }\n  estimatedMinutes: { path: hours, factor: 60 }\npush:\n  name: { from: title, maxLength: 20, truncate: true }\n  state: { from: status, clear: false, values: ${STATUS} }\n  due: { from: dueAt, precision: second }\n`,
      ),
    ).toEqual([]);
  });

  it.each([
    ['an unknown vendor path', 'pull:\n  title: { path: nmae }\n', 'demo.yaml:5 `pull.title` reads `nmae`'],
    [
      'an unknown path in an expression',
      "pull:\n  title: { path: name }\n  description: { expr: 'nite & note' }\n",
      'reads `nite`',
    ],
    [
      'an unknown path in a list',
      `${TITLE}  tasks: { each: sub, item: { sequence: { path: seq }, title: { path: lable, default: x } } }\n`,
      'demo.yaml:6 `pull.tasks.item.title` reads `lable`',
    ],
    ['nullable into required', 'pull:\n  title: { path: note }\n', 'the vendor may have nothing there'],
    [
      'nullable into required within a list',
      `${TITLE}  tasks: { each: sub, item: { sequence: { path: seq }, title: { path: label } } }\n`,
      '`pull.tasks.item.title` is required',
    ],
    [
      'a vendor word without entry',
      `${TITLE}  status: { path: state, values: { A: scheduled } }\n`,
      "no entry for the vendor's B",
    ],
    ['no word map at all', `${TITLE}  status: { path: state }\n`, 'give it values'],
    ['a missing unit factor', `${TITLE}  estimatedMinutes: { path: hours }\n`, 'needs factor 60, not 1'],
    [
      'a type that does not fit',
      `${TITLE}  dueAt: { path: flag }\n`,
      'reads a vendor boolean into a canonical instant',
    ],
    [
      'a canonical word without entry',
      `${TITLE}push:\n  state: { from: status, clear: false, values: { requested: A } }\n`,
      'no entry for scheduled',
    ],
    [
      'a word the vendor does not know',
      `${TITLE}push:\n  state: { from: status, clear: false, values: ${STATUS.replace('requested: A', 'requested: Q')} }\n`,
      'would send Q',
    ],
    [
      'a field the vendor does not have',
      `${TITLE}push:\n  nome: { from: title }\n`,
      'is no field of the vendor schema',
    ],
    ['a read-only field', `${TITLE}push:\n  id: { from: title }\n`, 'is read-only'],
    ['text that may be too long', `${TITLE}push:\n  name: { from: title }\n`, 'holds 20 characters'],
    ['a precision not said', `${TITLE}push:\n  due: { from: dueAt }\n`, 'is kept to the second'],
    ['an instant into a date', `${TITLE}push:\n  day: { from: dueAt }\n`, 'say precision: day'],
    ['a fraction into a whole number', `${TITLE}push:\n  n: { from: actualCost }\n`, 'say type: integer'],
    [
      'clearing what cannot be empty',
      `${TITLE}push:\n  name: { from: category, maxLength: 20 }\n`,
      'would be cleared with null',
    ],
    [
      'a missing unit factor on the way out',
      `${TITLE}push:\n  hours: { from: estimatedMinutes }\n`,
      'needs factor 60, not 1',
    ],
  ])('finds %s', (_name, rules, message) => {
    expect(check(rules).join('\n')).toContain(message);
  });
});

describe('cases and round trips', () => {
  const file = 'demo.yaml';
  const build = (rules: string, cases: string) => {
    const text = `system: demo\nentity: work_order\nobject: thing\n${rules}`;
    const sample = readCases({ file: 'demo.cases.yaml', text: cases });
    return { mapping: compileMapping({ file, text }), sample, positions: readMapping({ file, text }).source };
  };

  it('a case that does not hold is found where it stands', async () => {
    const { mapping, sample } = build(
      TITLE,
      'pull:\n  - name: right\n    raw: { name: a }\n    fields: { title: a }\n  - name: wrong\n    raw: { name: a }\n    fields: { title: b }\n  - name: fails unexpectedly\n    raw: {}\n    fields: {}\n',
    );
    const found = await runCases(mapping, sample.cases, sample.source);
    expect(found.map(({ where, message }) => `${where} ${message}`)).toEqual([
      'demo.cases.yaml:5 case "wrong" (pull): title is "a", expected "b"',
      expect.stringContaining('demo.cases.yaml:8 case "fails unexpectedly" (pull): failed at title'),
    ]);
  });

  it('a mapping that never comes to rest is an error, a poorer vendor a note', async () => {
    const rules = `${TITLE}  estimatedMinutes: { path: hours, factor: 60 }\n  dueAt: { path: day }\npush:\n  name: { from: title, maxLength: 20, truncate: true }\n  hours: { from: estimatedMinutes, factor: 30 }\n  day: { from: dueAt, precision: day }\n`;
    const { mapping, sample, positions } = build(
      rules,
      'pull:\n  - name: a\n    raw: { name: a, hours: 1, day: "2026-03-01" }\n',
    );
    const found = await checkRoundTrips(mapping, VENDOR, sample.cases, positions);
    expect(found.filter(({ level }) => level === 'error')[0]?.message).toContain(
      '`estimatedMinutes` never comes to rest',
    );
    expect(
      found
        .filter(({ level }) => level === 'info')
        .map(({ message }) => message)
        .join(),
    ).toContain('`dueAt` is lossy');
    const dates = found.filter(({ level, message }) => level === 'error' && message.startsWith('`dueAt`'));
    expect(dates).toEqual([]);
  });
});
