/** Commands over notices: channels, what a plant writes about them, what was sent; and who is on call. */
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { CHANNELS, type Channel } from '../../domain/notifications/notice.ts';
import { DAYS_MAX, showOnCall } from '../../plant/escalation/on-call.ts';
import { configureChannel, listChannels } from '../../plant/notifications/channels.ts';
import {
  listNoticeDocuments,
  removeNoticeDocument,
  writeNoticeDocument,
} from '../../plant/notifications/documents.ts';
import { listNotices } from '../../plant/notifications/log.ts';
import { DOCUMENT_KINDS, type DocumentKind } from '../../store/notifications/documents.ts';
import { createChannelActions } from '../channel-actions.ts';
import { createNoticeDeps } from '../notice-deps.ts';
import { json, lookInStore, none, operate, parseJson, shown, type OutputOptions } from '../person.ts';

const WRITTEN = DOCUMENT_KINDS.filter((kind) => kind !== 'channel');

export function addNotificationCommands(notifications: Command): void {
  addChannelCommands(notifications);
  addDocumentCommands(notifications);
  notifications
    .command('log')
    .description('what was sent to whom, newest first, and what became of it')
    .option('--alert <id>', 'of one alert')
    .addOption(json())
    .action((options: OutputOptions & { alert?: string }) =>
      lookInStore(
        options,
        (deps) => listNotices(deps, { alert: options.alert ?? null }, { before: null, limit: 200 }),
        (rows) => [
          ...none(rows, 'Nothing was sent yet.'),
          ...rows.map(
            ({ at, person, channel, type, state, reason, subject }) =>
              `${at}  ${person}  ${channel}  ${type}  ${state}${reason === null ? '' : ` (${shown(reason)})`}  ${subject}`,
          ),
        ],
      ),
    );
}

function addChannelCommands(notifications: Command): void {
  notifications
    .command('channels')
    .description('the channels that are set up, and those that fail')
    .addOption(json())
    .action((options: OutputOptions) =>
      lookInStore(options, listChannels, (rows) => [
        ...none(rows, 'No channel is set up.'),
        ...rows.map(
          (row) =>
            `${row.channel}  ${shown(row.config)}${row.failure === null ? '' : `  fails: ${row.failure}, paused until ${row.paused_until ?? 'it fails again'}`}`,
        ),
      ]),
    );
  notifications
    .command('channel')
    .argument('<channel>', `one of ${CHANNELS.join(', ')}`)
    .argument('<file>', 'JSON with config and secret; - reads standard input')
    .description('sets a channel up')
    .addOption(json())
    .action((name: string, file: string, options: OutputOptions) =>
      operate(
        options,
        async (deps, program) => {
          const { config, secret } = await readDocument(file);
          const given = { config: objectOf(config, 'config'), secret: objectOf(secret, 'secret') };
          return configureChannel(
            { ...deps, channels: createChannelActions(program) },
            channelOf(name),
            given,
          );
        },
        (view) => [`The channel ${view.channel} is set up (version ${String(view.version)}).`],
      ),
    );
  notifications
    .command('test')
    .argument('<channel>', `one of ${CHANNELS.join(', ')}`)
    .argument('<address>', 'where it goes, e.g. a mail address')
    .description('sends a message now, to try a channel')
    .addOption(json())
    .action((name: string, address: string, options: OutputOptions) =>
      operate(
        options,
        async (deps, program) => {
          const notices = createNoticeDeps(program, program.publicUrl);
          try {
            const delivery = await notices.deps.send(
              deps.tenantId,
              channelOf(name),
              address,
              testMessage(deps.newId()),
            );
            if (delivery.kind === 'accepted') return delivery;
            throw new Failure('rejected', `The message was not taken: ${delivery.reason}.`);
          } finally {
            notices.close();
          }
        },
        ({ providerId }) => [`Accepted${providerId === null ? '' : ` as ${providerId}`}.`],
      ),
    );
}

function addDocumentCommands(notifications: Command): void {
  notifications
    .command('write')
    .argument('<kind>', `one of ${WRITTEN.join(', ')}`)
    .argument('<name>', 'small letters, digits, - and _; of a contact the id of the person')
    .argument('<file>', 'the document as JSON; - reads standard input')
    .description('writes a document after it was judged against the plant')
    .addOption(json())
    .action((kind: string, name: string, file: string, options: OutputOptions) =>
      operate(
        options,
        async (deps) => writeNoticeDocument(deps, kindOf(kind), name, await readDocument(file)),
        (row) => [`${row.kind} ${row.name} is written (version ${String(row.version)}).`],
      ),
    );
  notifications
    .command('remove')
    .argument('<kind>', `one of ${WRITTEN.join(', ')}`)
    .argument('<name>')
    .description('removes a document that no other one leads to')
    .addOption(json())
    .action((kind: string, name: string, options: OutputOptions) =>
      operate(
        options,
        async (deps) => {
          await removeNoticeDocument(deps, kindOf(kind), name);
          return { kind, name };
        },
        () => [`${kind} ${name} is removed.`],
      ),
    );
  notifications
    .command('list')
    .argument('<kind>', `one of ${WRITTEN.join(', ')}`)
    .description('what was written of a kind')
    .addOption(json())
    .action((kind: string, options: OutputOptions) =>
      lookInStore(
        options,
        (deps) => listNoticeDocuments(deps, kindOf(kind)),
        (rows) => [
          ...none(rows, `There is no ${kind}.`),
          ...rows.map(({ name, document }) => `${name}  ${shown(document)}`),
        ],
      ),
    );
}

interface OnCallOptions extends OutputOptions {
  days: string;
}

export function addOnCallCommands(onCall: Command): void {
  onCall
    .command('show')
    .argument('<schedule>', 'from notifications list on_call_schedule')
    .description('who is on call and who comes next')
    .addOption(new Option('--days <n>', `days to look ahead, at most ${String(DAYS_MAX)}`).default('7'))
    .addOption(json())
    .action((schedule: string, options: OnCallOptions) =>
      lookInStore(
        options,
        (deps) => showOnCall(deps, schedule, { days: daysOf(options.days) }),
        (view) => [
          `${view.person ?? 'nobody'} is on call (${view.zone}).`,
          ...view.spans.map(({ from, to, person, by }) => `${from}  ${to}  ${person ?? 'nobody'}  ${by}`),
        ],
      ),
    );
}

function daysOf(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= DAYS_MAX) return days;
  throw new Failure(
    'invalid_request',
    `--days must be a whole number from 1 to ${String(DAYS_MAX)}, not "${text}".`,
  );
}

function channelOf(text: string): Channel {
  const channel = CHANNELS.find((one) => one === text);
  if (channel !== undefined) return channel;
  throw new Failure(
    'invalid_request',
    `There is no channel "${text}"; choose one of ${CHANNELS.join(', ')}.`,
  );
}

function kindOf(text: string): Exclude<DocumentKind, 'channel'> {
  const kind = WRITTEN.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new Failure('invalid_request', `There is no kind "${text}"; choose one of ${WRITTEN.join(', ')}.`);
}

async function readDocument(file: string): Promise<JsonObject> {
  const read = file === '-' ? readAll(process.stdin) : readFile(file, 'utf8');
  const content = await read.catch((cause: unknown) => {
    throw new Failure('invalid_request', `The file ${file} cannot be read; name one that is there.`, {
      cause,
    });
  });
  return objectOf(parseJson(content, file), file);
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Failure('invalid_request', `${what}: must be a JSON object.`, { path: what });
}

function testMessage(reference: string) {
  return {
    reference,
    title: 'Test message of ChatterFix Sync',
    text: 'If you can read this, the channel works.',
    language: 'en',
    severity: 'info',
    link: null,
    actions: [],
    data: { event: 'test' },
  };
}
