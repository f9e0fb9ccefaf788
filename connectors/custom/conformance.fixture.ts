/** The example of the README against a server with all its manners, and the generic system against its sandbox. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../domain/json.ts';
import type { ConformanceOptions, EntityFixture } from '../kit/conformance-options.ts';
import { custom } from './index.ts';
import { manifestFor } from './manifest.ts';
import { PRACTICE_KEY, startPracticeServer } from './practice-server.fixture.ts';
import { startCustomSandbox } from './sandbox/index.ts';

const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
export const EXAMPLE = /```yaml\n([\s\S]*?)```/.exec(README)?.[1] ?? '';

const named = (object: string, more: Partial<EntityFixture> = {}): EntityFixture => ({
  object,
  insert: (n) => ({ name: `Thing ${String(n)}` }),
  change: { note: 'Seen by a person' },
  create: (n) => ({ name: `Made ${String(n)}`, note: null }),
  createCall: { method: 'POST', path: `/${object}$` },
  update: { note: 'Changed by us' },
  updateCall: { method: 'PATCH', path: `/${object}/` },
  refused: { note: 'no name' },
  ...more,
});

/** The same in the words of the generic system. */
const described = (object: string, more: Partial<EntityFixture> = {}): EntityFixture =>
  named(object, {
    change: { description: 'Seen by a person' },
    create: (n) => ({ name: `Made ${String(n)}` }),
    update: { description: 'Changed by us' },
    refused: { description: 'no name' },
    ...more,
  });

export const conformance: readonly ConformanceOptions[] = [
  {
    variant: 'README example',
    ownRecords: true,
    connector: { ...custom, manifest: manifestFor({ definition: EXAMPLE }) },
    async start() {
      const sandbox = await startPracticeServer();
      const config: JsonObject = { baseUrl: sandbox.url, definition: EXAMPLE };
      return { sandbox, config, secret: { apiKey: PRACTICE_KEY } };
    },
    wrongSecret: { apiKey: 'practice-key-wrong' },
    sessions: false,
    fixtures: {
      person: {
        object: 'people',
        insert: (n) => ({ name: `Person ${String(n)}` }),
        change: { email: 'a@b.example' },
      },
      location: named('locations', { updateCall: { method: 'PUT', path: '/locations/' } }),
      asset: named('assets'),
      part: named('parts'),
      meter: named('meters', {
        create: (n) => ({ name: `Hours ${String(n)}`, asset_id: `as-${String(n)}` }),
      }),
      work_order: named('work-orders', {
        insert: (n) => ({ title: `Order ${String(n)}` }),
        create: (n) => ({ title: `Fix ${String(n)}`, asset_id: 'as-1', due: null }),
      }),
    },
  },
  {
    variant: 'generic system',
    connector: { ...custom, manifest: manifestFor({}) },
    async start() {
      const sandbox = await startCustomSandbox({ seed: 'empty' });
      const secret = { apiKey: sandbox.credentials['apiKey'] ?? '' };
      return { sandbox, config: { baseUrl: sandbox.url }, secret };
    },
    wrongSecret: { apiKey: 'wrong-api-key' },
    sessions: false,
    fixtures: {
      asset: described('assets'),
      plan: described('schedules'),
      work_order: described('work-orders', {
        insert: (n) => ({ title: `Order ${String(n)}` }),
        create: (n) => ({ title: `Fix ${String(n)}` }),
        literals: { text: 'description', instant: 'due_date', number: 'estimated_hours' },
      }),
    },
  },
];
