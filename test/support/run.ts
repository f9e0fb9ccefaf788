/**
 * The door to what one test run shares. It lives in the process that started Jest and answers test files (`ask.ts`) over
 * loopback HTTP, so that parallel test files never race for a start. The services are loaded with the first question: a
 * run of unit tests starts and loads nothing.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { Asked } from './ask.ts';
import type { TestServices } from './services.ts';

export interface TestRun {
  /** Where test files ask, e.g. `http://127.0.0.1:40001`. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startTestRun(): Promise<TestRun> {
  let services: Promise<TestServices> | undefined;
  const open = () =>
    (services ??= import('./services.ts').then(({ openTestServices }) => openTestServices()));

  async function reply(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = (request.url ?? '').slice(1);
    const { answer } = await open();
    if (!Object.hasOwn(answer, asked)) throw new Error(`A test run has no ${asked}.`);
    return answer[asked as Asked](Buffer.concat(chunks).toString('utf8'));
  }

  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    reply(request).then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  // A cold Temporal server is compiled for minutes before it answers.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await (await services)?.stop();
    },
  };
}
