/** The committed document is the one the routes make; every operation's example is answered as it says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERMISSIONS } from '../../domain/access/permissions.ts';
import { writesOpenApi } from '../../test/support/openapi-file.ts';
import { openTestApi, type TestApi } from './api.fixture.ts';
import { seedExamples } from './examples.fixture.ts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiPath } from './openapi.ts';
import { ROUTES } from './routes.ts';

/** What is read of the document. */
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  responses: Record<string, { description?: string; content?: Record<string, unknown> }>;
  parameters?: { name: string; example?: unknown; schema?: { type?: string } }[];
}

const FILE = new URL('./openapi.json', import.meta.url);

/** `Lists`, `Makes`: a summary tells what to do, it does not report. */
const THIRD_PERSON =
  /^(Accepts|Acknowledges|Adds|Assesses|Books|Cancels|Changes|Completes|Connects|Creates|Decides|Deletes|Discards|Gives|Issues|Lays|Links|Lists|Looks|Makes|Maps|Moves|Pauses|Plans|Reads|Records|Registers|Rejects|Replaces|Reports|Resolves|Resumes|Returns|Revokes|Says|Sends|Shows|Starts|Syncs|Takes|Tries|Updates|Uses)\b/;
/** A summary that is no sentence for a button: it starts with an article, a question word or a number. */
const NO_VERB = /^(A|An|The|What|Where|Who|Why|Every|One|Two|Figures|Live|Somebody)\b/;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

describe('the OpenAPI document', () => {
  it('is the one committed as api/http/openapi.json (UPDATE_OPENAPI=1 writes it)', async () => {
    const made = `${JSON.stringify((await api.app.inject('/docs/json')).json(), null, 1)}\n`;
    if (writesOpenApi()) writeFileSync(FILE, made);
    expect(made).toBe(readFileSync(FILE, 'utf8'));
  });

  it('knows every route, under a name of its own', async () => {
    const document = (await api.app.inject('/docs/json')).json<Document>();
    for (const { method, url, id } of ROUTES)
      expect(document.paths[openApiPath({ url })]?.[method.toLowerCase()]?.operationId).toBe(id);
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
  });

  it('has no reference that leads nowhere', async () => {
    const document: Record<string, unknown> = (await api.app.inject('/docs/json')).json();
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? ''),
    );
    const lost = [...references].filter((reference) => {
      const [root, ...parts] = reference.split('/');
      const found = parts.reduce<unknown>(
        (at, part) => (at as Record<string, unknown> | undefined)?.[part],
        document,
      );
      return root !== '#' || found === undefined;
    });
    expect(lost).toEqual([]);
  });

  it('is valid for a validator of others', async () => {
    const result = await new Validator().validate(
      (await api.app.inject('/docs/json')).json<Record<string, unknown>>(),
    );
    expect(result).toMatchObject({ valid: true });
  });

  it('tells every operation in the imperative, with a description, and what each answer means', async () => {
    const { paths } = (await api.app.inject('/docs/json')).json<Document>();
    const wrong = Object.values(paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ operationId, summary = '', description = '', responses }) => [
        ...(summary === '' || THIRD_PERSON.test(summary) || NO_VERB.test(summary) || summary.endsWith('.')
          ? [`${operationId}: summary "${summary}"`]
          : []),
        ...(description.length < 10 || !description.endsWith('.')
          ? [`${operationId}: description "${description}"`]
          : []),
        ...Object.entries(responses)
          .filter(
            ([, answer]) => !('$ref' in answer) && /^(Default Response)?$/.test(answer.description ?? ''),
          )
          .map(([status]) => `${operationId}: answer ${status}`),
      ]);
    expect(wrong).toEqual([]);
  });

  it('holds what generators of clients need: a server, typed examples, no closed tuples, media types', async () => {
    const document = (await api.app.inject('/docs/json')).json<Document & { servers: unknown[] }>();
    expect(document.servers).toHaveLength(1);
    const operations = Object.values(document.paths).flatMap((all) => Object.values(all));
    const mistyped = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter(({ example, schema }) => {
          const type = schema?.type === 'integer' ? 'number' : schema?.type;
          return example !== undefined && type !== undefined && typeof example !== type;
        })
        .map(({ name }) => `${operationId}: ${name}`),
    );
    expect(mistyped).toEqual([]);
    expect(JSON.stringify(document)).not.toMatch(/"items":false|"file":true|"mediaType":/);
    const mediaTypes = Object.fromEntries(
      operations
        .filter(({ operationId }) => ['watchRun', 'getAttachmentContent'].includes(operationId))
        .map(({ operationId, responses }) => [operationId, Object.keys(responses['200']?.content ?? {})]),
    );
    expect(mediaTypes).toEqual({
      watchRun: ['text/event-stream'],
      getAttachmentContent: ['application/octet-stream'],
    });
  });

  it('is shown as a readable page', async () => {
    const page = await api.app.inject('/docs/');
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
  });
});

describe('every route', () => {
  it.each(ROUTES.map((route) => [route.id, route] as const))(
    '%s declares a permission and refuses who has no key',
    async (_id, route) => {
      expect(PERMISSIONS).toContain(route.permission);
      const path = route.url.replaceAll(/:([a-z_]+)/gi, (_whole, name: string) =>
        encodeURIComponent(route.example.params?.[name] ?? 'x'),
      );
      expect((await api.call(route.method, path, { key: null })).statusCode).toBe(401);
    },
  );

  it.each(ROUTES.map((route) => [route.id, route] as const))(
    '%s answers its example as it says',
    async (_id, route) => {
      await seedExamples(api);
      const { params = {}, query = {}, body, headers = {}, status } = route.example;
      const path = route.url.replaceAll(/:([a-z_]+)/gi, (_whole, name: string) =>
        encodeURIComponent(params[name] ?? `missing-${name}`),
      );
      const search = new URLSearchParams(query).toString();
      const answer = await api.call(route.method, search === '' ? path : `${path}?${search}`, {
        body,
        headers,
      });
      const expected = status ?? Number(Object.keys(route.responses)[0]);
      expect({
        status: answer.statusCode,
        problem: answer.statusCode === expected ? null : answer.body,
      }).toEqual({ status: expected, problem: null });
      const schema = route.responses[expected];
      if (schema !== undefined && (answer.headers['content-type'] ?? '').includes('json')) {
        const parsed = schema.safeParse(answer.json());
        expect(parsed.error?.issues ?? []).toEqual([]);
      }
    },
  );
});
