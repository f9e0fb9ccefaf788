/**
 * A mail server that really receives, for tests, the demo and a person who wants to see what is sent: SMTP on one port, the messages
 * as JSON and as pages on another. It keeps them in memory; its faults are set by address.
 */
import type { AddressInfo } from 'node:net';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import { createPatientServer, listen, stopListening } from '../../../connectors/kit/sandbox/local-server.ts';
import { readBody } from '../../../connectors/kit/sandbox/read-body.ts';
import { readMail, type ReceivedMail } from './read-mail.ts';

export interface MailSandbox {
  system: 'mail';
  /** Where messages are read: `/messages` as JSON, `/messages/<n>` the source. */
  url: string;
  controlUrl: string;
  host: string;
  port: number;
  credentials: { user: string; password: string };
  messages(): readonly ReceivedMail[];
  /** Answers mails to this address with this SMTP status; null takes the fault away. */
  answerWith(address: string, status: number | null): void;
  close(): Promise<void>;
}

const USER = 'plant';
const PASSWORD = 'sandbox-password';
const BYTES_MAX = 10 * 1024 * 1024;
const MESSAGES_MAX = 10_000;

export async function startMailSandbox(
  options: { port?: number; controlPort?: number } = {},
): Promise<MailSandbox> {
  const messages: ReceivedMail[] = [];
  const faults = new Map<string, number>();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    size: BYTES_MAX,
    logger: false,
    onAuth({ username, password }, _session, done) {
      if (username === USER && password === PASSWORD) done(null, { user: USER });
      else done(Object.assign(new Error('Authentication credentials invalid'), { responseCode: 535 }));
    },
    onRcptTo({ address }: SMTPServerAddress, _session: SMTPServerSession, done) {
      const status = faults.get(address);
      if (status === undefined) done();
      else
        done(
          Object.assign(new Error(status >= 500 ? 'No such mailbox' : 'Try again later'), {
            responseCode: status,
          }),
        );
    },
    onData(stream: SMTPServerDataStream, session: SMTPServerSession, done) {
      void collect(stream).then((source) => {
        if (messages.length >= MESSAGES_MAX) messages.shift();
        const to = session.envelope.rcptTo.map(({ address }) => address);
        messages.push(readMail(source, to));
        done(null, `queued as ${String(messages.length)}`);
      }, done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  // A client that breaks off is no fault of the server.
  smtp.on('error', () => undefined);
  const { port } = smtp.server.address() as AddressInfo;
  const pages = createPatientServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://mail').pathname;
      if (request.method === 'PUT' && path === '/faults') {
        const { address, status } = JSON.parse((await readBody(request)).toString('utf8')) as {
          address: string;
          status: number | null;
        };
        answerWith(address, status);
      }
      const [, number] = /^\/messages\/(\d+)$/.exec(path) ?? [];
      const source = number === undefined ? undefined : messages[Number(number) - 1]?.source;
      if (source === undefined) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify(
            messages.map(({ source: _source, ...shown }, index) => ({ number: index + 1, ...shown })),
          ),
        );
      } else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(source);
    })().catch(() => response.writeHead(400).end());
  });
  const url = await listen(pages, options.controlPort ?? 0);

  function answerWith(address: string, status: number | null): void {
    if (status === null) faults.delete(address);
    else faults.set(address, status);
  }
  return {
    system: 'mail',
    url: `${url}/messages`,
    controlUrl: url,
    host: '127.0.0.1',
    port,
    credentials: { user: USER, password: PASSWORD },
    messages: () => messages,
    answerWith,
    async close() {
      await stopListening(pages);
      await new Promise<void>((resolve) => {
        smtp.close(() => {
          resolve();
        });
      });
    },
  };
}

async function collect(stream: SMTPServerDataStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
