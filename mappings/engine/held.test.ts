import { describe, expect, it } from '@jest/globals';
import { compileMapping } from './compile.ts';

const MAPPING = {
  file: 'orders.yaml',
  text: `
system: plant
entity: work_order
object: orders
pull:
  title: { path: [name, code], required: true }
  description: { path: text }
  status: { path: state, values: { OPEN: scheduled, HOLD: on_hold }, otherwise: scheduled }
  holdReason: { path: why, values: { P: parts }, otherwise: 'null' }
push:
  name: { from: title }
  text: { from: description }
  state: { from: status, values: { scheduled: OPEN, on_hold: HOLD }, otherwise: OPEN }
  hint: { from: [status, holdReason], expr: "status & '/' & holdReason" }
  number: { from: description, on: create }
`,
};
const RAW = { name: 'Seal', text: 'It leaks', state: 'OPEN', why: 'P' };
const HUB = { title: 'Seal', description: 'It leaks', status: 'on_hold', holdReason: 'parts' };

describe('a mapping without held rules', () => {
  it('neither reads nor writes the field, and says so in its version', async () => {
    const whole = compileMapping(MAPPING);
    const held = compileMapping(MAPPING, { pull: ['description'], push: [] });
    expect(held.version).toBe(`${whole.version}~description`);
    expect(held.pullFields).toEqual(['title', 'status', 'holdReason']);
    expect(held.pushFields).toEqual(['title', 'status', 'holdReason']);
    expect(await held.pull(RAW, {})).toEqual({
      ok: true,
      fields: { title: 'Seal', status: 'scheduled', holdReason: 'parts' },
      comments: [],
    });
    const { description: _gone, ...cleared } = HUB;
    expect(await held.push(cleared, new Set(['title']), {})).toEqual({ ok: true, payload: { name: 'Seal' } });
  });

  it('a rule that cannot be written takes its canonical fields out of the push only', async () => {
    const held = compileMapping(MAPPING, { pull: [], push: ['text'] });
    expect(held.version).toBe(compileMapping(MAPPING).version);
    expect(held.pullFields).toContain('description');
    expect(held.pushFields).not.toContain('description');
    expect(await held.push(HUB, null, {})).toMatchObject({
      payload: { name: 'Seal', state: 'HOLD', number: 'It leaks' },
    });
  });

  it('a rule of several fields goes on for those that are not held, and moves no base of the other', async () => {
    const held = compileMapping(MAPPING, { pull: ['holdReason'], push: [] });
    expect(await held.push(HUB, new Set(['status']), {})).toEqual({
      ok: true,
      payload: { state: 'HOLD', hint: 'on_hold/parts' },
    });
    expect([...held.affected(new Set(['status']))]).toEqual(['status']);
  });

  it('what is required is still read, because new records need it', async () => {
    const held = compileMapping(MAPPING, { pull: ['title'], push: ['name'] });
    expect(held.pullFields).not.toContain('title');
    expect(await held.pull({ code: 'S-1', state: 'OPEN' }, {})).toMatchObject({
      ok: true,
      fields: { title: 'S-1' },
    });
    expect(await held.pull({ state: 'OPEN' }, {})).toMatchObject({ ok: false });
  });
});
