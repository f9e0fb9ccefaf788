import { describe, expect, it } from '@jest/globals';
import { commentRow, findComments, labourRows, partRows, partsUsed, taskRows } from './children.ts';

const noStore = { storeOf: () => null };
const comment = (key: string, text: string) => ({
  key,
  text,
  author: null,
  at: '2026-03-01T08:00:00.000Z',
  maybeSent: true,
});

describe('parts', () => {
  const raw = {
    matusetrans: [
      { itemnum: 'BELT', quantity: -3, issuetype: 'ISSUE', storeloc: 'CENTRAL' },
      { itemnum: 'BELT', quantity: 1, issuetype: 'RETURN', storeloc: 'CENTRAL' },
      { itemnum: 'OIL', quantity: -2.5, issuetype: 'ISSUE', storeloc: 'YARD' },
    ],
  };

  it('counts issues minus returns', () => {
    expect(Object.fromEntries(partsUsed(raw))).toEqual({ BELT: 2, OIL: 2.5 });
  });

  it('writes the difference to an absolute quantity, and returns what is not listed', () => {
    expect(partRows(raw, [{ itemnum: 'BELT', quantity: 5 }], noStore)).toEqual([
      { itemnum: 'BELT', quantity: 3, issuetype: 'ISSUE', storeloc: 'CENTRAL' },
      { itemnum: 'OIL', quantity: 2.5, issuetype: 'RETURN', storeloc: 'YARD' },
    ]);
  });

  it('writes nothing when the quantities are there', () => {
    const asked = [
      { itemnum: 'BELT', quantity: 2 },
      { itemnum: 'OIL', quantity: 2.5 },
    ];
    expect(partRows(raw, asked, noStore)).toEqual([]);
  });

  it('refuses a negative quantity with the field at fault', () => {
    expect(() => partRows({}, [{ itemnum: 'BELT', quantity: -1 }], noStore)).toThrow(
      'itemnum and a quantity',
    );
  });
});

describe('labour', () => {
  const raw = {
    labtrans: [{ laborcode: 'SAM', regularhrs: 1.5, startdatetime: '2026-03-01T10:00:00+02:00' }],
  };
  const booked = { personid: 'SAM', minutes: 90, startdatetime: '2026-03-01T08:00:00.000Z' };

  it('recognises a booking by person, instant and duration', () => {
    expect(labourRows(raw, [booked])).toEqual([]);
  });

  it('adds a second equal booking only when two are asked for', () => {
    expect(labourRows(raw, [booked, booked])).toEqual([
      { laborcode: 'SAM', regularhrs: 1.5, startdatetime: '2026-03-01T08:00:00+00:00' },
    ]);
  });
});

describe('comments', () => {
  it('keeps the whole text and shows its first line', () => {
    expect(commentRow(comment('a', `${'x'.repeat(120)}\nmore`))).toMatchObject({
      description: 'x'.repeat(100),
      description_longdescription: `${'x'.repeat(120)}\nmore`,
    });
  });

  it('finds its text through markup, and no row twice', () => {
    const raw = {
      worklog: [
        { worklogid: 7, description_longdescription: '<p>Belt replaced</p><!-- RICH TEXT -->' },
        { worklogid: 8, description: 'Belt replaced' },
      ],
    };
    const two = [comment('a', 'Belt replaced'), comment('b', 'Belt  replaced')];
    expect([...findComments(raw, two, [])]).toEqual([
      ['a', '7'],
      ['b', '8'],
    ]);
    expect([...findComments(raw, two, ['7', '8'])]).toEqual([]);
  });
});

describe('tasks', () => {
  it('names a known task by its key and adds an unknown one', () => {
    const raw = { woactivity: [{ taskid: 10, wonum: 'T1', description: 'Drain' }] };
    const asked = [
      { taskid: 10, description: 'Drain oil' },
      { taskid: 20, description: 'Refill' },
    ];
    expect(taskRows(raw, asked)).toEqual([
      { taskid: 10, wonum: 'T1', description: 'Drain oil' },
      { taskid: 20, description: 'Refill' },
    ]);
    expect(taskRows(raw, [{ taskid: 10, description: 'Drain' }])).toEqual([]);
  });

  it('deletes one that nobody asks for any more, and no row without a sequence', () => {
    const raw = {
      woactivity: [
        { taskid: 10, wonum: 'T1', description: 'Drain' },
        { taskid: 20, wonum: 'T2', description: 'Refill' },
        { wonum: 'T3', description: "Maximo's own" },
      ],
    };
    expect(taskRows(raw, [{ taskid: 20, description: 'Refill' }])).toEqual([
      { taskid: 10, wonum: 'T1', _action: 'Delete' },
    ]);
  });
});
