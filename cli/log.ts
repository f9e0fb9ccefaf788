/**
 * The program's log: one JSON line per event on standard error, for people's tools. What is written is chosen by whoever
 * writes it (ids, kinds, counts, times); payloads and addresses with secrets never are. The redaction below is the second lock.
 */
import type { Writable } from 'node:stream';
import type { Logger as TemporalLogger, LogLevel as TemporalLevel, LogMetadata } from '@temporalio/worker';
import { pino, type DestinationStream, type Logger } from 'pino';
import { LOG_LEVELS, type LogLevel } from './config.ts';

/** Members that must never be readable, wherever somebody put one by mistake. */
const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apiKey',
  'credentials',
  'x-api-key',
];

export function createLog(level: LogLevel, to: Writable | DestinationStream = process.stderr): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_MEMBERS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[redacted]',
      },
    },
    to,
  );
}

/** What the SDK adds to a line of an activity or a workflow, in the order of interest. */
const KEPT = ['workflowId', 'runId', 'workflowType', 'activityType', 'attempt'] as const;

/**
 * The log as Temporal's SDK wants it. Lines of the SDK's own parts are told from a warning on: at `info` they would tell of
 * each poll and each cache that nobody asked about.
 */
export function temporalLog(log: Logger): TemporalLogger {
  const write = (level: TemporalLevel, message: string, meta: LogMetadata = {}): void => {
    const name = LOG_LEVELS.find((one) => one === level.toLowerCase()) ?? 'debug';
    const ours = meta['sdkComponent'] === 'activity' || meta['sdkComponent'] === 'workflow';
    if (!ours && (name === 'info' || name === 'debug') && !log.isLevelEnabled('debug')) return;
    log[name]({ ...contextOf(meta), ...(ours ? ownOf(meta) : errorOf(meta)) }, message);
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

function contextOf(meta: LogMetadata): Record<string, unknown> {
  return Object.fromEntries(KEPT.flatMap((name) => (meta[name] === undefined ? [] : [[name, meta[name]]])));
}

/** What an activity said itself, under one member, so that no name of the SDK's can be meant. */
function ownOf(meta: LogMetadata): Record<string, unknown> {
  return meta['detail'] === undefined ? {} : { detail: meta['detail'] };
}

function errorOf(meta: LogMetadata): Record<string, unknown> {
  return meta['error'] instanceof Error ? { err: meta['error'] } : {};
}
