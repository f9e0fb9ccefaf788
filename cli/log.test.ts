import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { createLog, temporalLog } from './log.ts';
import type { LogLevel } from './config.ts';

function open(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { log: createLog(level, to), lines };
}

describe('the log', () => {
  it('writes one JSON line with level, time and what was said', () => {
    const { log, lines } = open('info');
    log.info({ requestId: 'r1', status: 200 }, 'request');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^20.*Z$/), requestId: 'r1', status: 200, msg: 'request' },
    ]);
  });

  it('leaves out what is below its level, and everything at `silent`', () => {
    const warn = open('warn');
    warn.log.info('quiet');
    warn.log.warn('heard');
    expect(warn.lines.map(({ msg }) => msg)).toEqual(['heard']);
    const silent = open('silent');
    silent.log.error('nobody');
    expect(silent.lines).toEqual([]);
  });

  it('makes secrets unreadable that came in by mistake, down to the third level', () => {
    const { log, lines } = open('info');
    log.info({ password: 'pw1', headers: { authorization: 'pw2' }, config: { login: { token: 'pw3' } } });
    expect(JSON.stringify(lines)).not.toMatch(/pw[123]/);
    expect(lines[0]).toMatchObject({ password: '[redacted]', headers: { authorization: '[redacted]' } });
  });

  it('shows an error with its stack', () => {
    const { log, lines } = open('info');
    log.error({ err: new Error('broken') }, 'failed inside');
    expect(lines[0]).toMatchObject({
      err: { message: 'broken', stack: expect.stringContaining('log.test') },
    });
  });
});

describe("what the Temporal SDK's parts say", () => {
  const activity = {
    sdkComponent: 'activity',
    workflowId: 'connection/c1',
    activityType: 'pull',
    attempt: 2,
    taskToken: 'abc',
    namespace: 'default',
  };

  it('is told for our activities, with the ids that lead on', () => {
    const { log, lines } = open('info');
    temporalLog(log).info('step done', { ...activity, detail: { counts: { in: 3 } } });
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        workflowId: 'connection/c1',
        activityType: 'pull',
        attempt: 2,
        detail: { counts: { in: 3 } },
        msg: 'step done',
      },
    ]);
  });

  it('is told from a warning on for its own parts, and wholly at `debug`', () => {
    const { log, lines } = open('info');
    temporalLog(log).info('Worker state changed', { sdkComponent: 'worker' });
    temporalLog(log).warn('Workflow not registered', { sdkComponent: 'worker', error: new Error('why') });
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([['warn', 'Workflow not registered']]);
    expect(lines[0]).toMatchObject({ err: { message: 'why' } });
    const debug = open('debug');
    temporalLog(debug.log).info('Worker state changed', { sdkComponent: 'worker' });
    expect(debug.lines).toHaveLength(1);
  });
});
