/** Each import rule is shown to fail on a small project that breaks it, and to be silent on one that does not. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');

/** Where the import stands, what it imports, and the rule that must speak (null: none). */
const CASES: readonly (readonly [file: string, imports: string, rule: string | null])[] = [
  ['domain/kernel/limits.ts', 'domain/json.ts', 'kernel'],
  ['domain/merge/merge.ts', 'domain/kernel/failure.ts', null],
  ['domain/hash.ts', 'node:crypto', null],
  ['domain/file.ts', 'node:fs', 'domain'],
  ['domain/merge/when.ts', 'temporal-polyfill', 'domain'],
  ['domain/time/zones.ts', 'temporal-polyfill', null],
  ['domain/time/rule.ts', 'rrule-temporal', 'domain-time'],
  ['domain/recurrence/from-rrule.ts', 'rrule-temporal', null],
  ['domain/recurrence/zones.ts', 'temporal-polyfill', 'domain-recurrence'],
  ['domain/stored.ts', 'store/links/links.ts', 'domain'],
  ['mappings/engine/run.ts', 'connectors/maximo/index.ts', 'mappings'],
  ['connectors/kit/http.ts', 'axios', null],
  ['connectors/kit/known.ts', 'connectors/maximo/index.ts', 'connector-kit'],
  ['connectors/maximo/read.ts', 'connectors/kit/http.ts', null],
  ['connectors/maximo/peer.ts', 'connectors/upkeep/index.ts', 'connector'],
  ['connectors/maximo/cheat.ts', 'connectors/maximo/sandbox/index.ts', 'connector'],
  ['connectors/maximo/direct.ts', 'axios', 'connector'],
  ['connectors/maximo/text.ts', 'yaml', 'connector'],
  ['connectors/maximo/rows.ts', 'pg', 'only-store-knows-postgres'],
  ['connectors/maximo/file.ts', 'node:sqlite', 'connector'],
  ['connectors/custom/definition.ts', 'yaml', null],
  ['connectors/custom/peer.ts', 'connectors/sql/index.ts', 'connector-custom'],
  ['connectors/custom/rows.ts', 'mysql2', 'only-store-knows-postgres'],
  ['connectors/sql/open.ts', 'kysely', null],
  ['connectors/sql/server.ts', 'mysql2', null],
  ['connectors/sql/file.ts', 'node:sqlite', null],
  ['connectors/sql/disk.ts', 'node:fs', 'connector-sql'],
  ['connectors/sql/cheat.ts', 'connectors/sql/sandbox/index.ts', 'connector-sql'],
  ['connectors/sql/own.ts', 'store/links/links.ts', 'connector-sql'],
  ['connectors/sql/sandbox/control.ts', 'pg', null],
  ['connectors/sql/sandbox/shared.ts', 'connectors/sql/open.ts', 'sandbox-sql'],
  ['connectors/maximo/sandbox/server.ts', 'connectors/kit/sandbox/index.ts', null],
  ['connectors/maximo/sandbox/listen.ts', 'node:http', null],
  ['connectors/maximo/sandbox/shared.ts', 'connectors/maximo/wire.ts', 'sandbox'],
  ['connectors/maximo/sandbox/typed.ts', 'type connectors/maximo/wire.ts', 'sandbox'],
  ['connectors/maximo/sandbox/nouns.ts', 'domain/json.ts', 'sandbox'],
  ['connectors/maximo/sandbox/client.ts', 'connectors/kit/http.ts', 'sandbox'],
  ['connectors/kit/sandbox/nouns.ts', 'domain/json.ts', 'sandbox-kit'],
  ['connectors/registry.ts', 'connectors/maximo/index.ts', null],
  ['connectors/list.ts', 'connectors/maximo/wire.ts', 'connector-registry'],
  ['channels/mail/mail.ts', 'nodemailer', null],
  ['channels/mail/guard.ts', 'connectors/kit/network.ts', null],
  ['channels/mail/kit.ts', 'connectors/kit/http.ts', 'channels'],
  ['channels/mail/own.ts', 'store/links/links.ts', 'channels'],
  ['channels/mail/cheat.ts', 'channels/mail/sandbox/index.ts', 'channels'],
  ['channels/mail/sandbox/index.ts', 'smtp-server', null],
  ['channels/mail/sandbox/shared.ts', 'channels/mail/mail.ts', 'channel-sandbox'],
  ['store/links/links.ts', 'pg', null],
  ['store/pull.ts', 'mappings/engine/index.ts', 'store'],
  ['activities/sync/pull.ts', 'type store/links/links.ts', null],
  ['activities/sync/push.ts', 'store/links/links.ts', 'activities-types-only'],
  ['activities/sync/raw.ts', 'pg', 'only-store-knows-postgres'],
  ['workflows/sync/pass.ts', '@temporalio/workflow', null],
  ['workflows/sync/typed.ts', 'type activities/sync/pull.ts', null],
  ['workflows/sync/loaded.ts', 'activities/sync/pull.ts', 'workflows-types-only'],
  ['workflows/sync/merge.ts', 'domain/merge/merge.ts', 'workflows-types-only'],
  ['workflows/sync/limits.ts', 'domain/kernel/limits.ts', null],
  ['workflows/sync/time.ts', 'node:timers', 'workflows'],
  ['hub/writer.ts', 'store/links/links.ts', null],
  ['hub/asked.ts', 'plant/orders/order.ts', 'hub'],
  ['plant/orders/order.ts', 'store/links/links.ts', null],
  ['plant/orders/asked.ts', 'api/http/order.ts', 'plant'],
  ['activities/sync/order.ts', 'plant/orders/order.ts', null],
  ['api/http/order.ts', 'store/links/links.ts', 'api-http'],
  ['api/grpc/order.ts', 'api/http/order.ts', 'api-grpc'],
  ['cli/main.ts', 'store/links/links.ts', null],
  ['cli/wire.ts', 'connectors/maximo/wire.ts', 'connector-door'],
  ['activities/sync/main.ts', 'cli/main.ts', 'nobody-imports-cli-or-test'],
  ['store/support.ts', 'test/support/database.ts', 'nobody-imports-cli-or-test'],
  ['store/links.test.ts', 'test/support/database.ts', null],
  ['store/store.fixture.ts', 'test/support/database.ts', null],
  ['store/rows.ts', 'store/store.fixture.ts', 'fixtures-are-for-tests'],
  ['domain/lost.ts', 'domain/nowhere.ts', 'resolvable'],
];

interface Violation {
  from: string;
  rule: { name: string };
}

let folder: string;
let violations: Violation[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-boundaries-'));
  const sources = new Map<string, string>();
  for (const [file, imports] of CASES) {
    const target = imports.replace(/^type /, '');
    if (target.endsWith('.ts') && !target.includes('nowhere')) sources.set(target, 'export {};\n');
    if (/^[@a-z]/.test(target) && !target.endsWith('.ts') && !target.startsWith('node:')) {
      sources.set(
        `node_modules/${target}/package.json`,
        `{"name":"${target}","version":"1.0.0","main":"index.js"}`,
      );
      sources.set(`node_modules/${target}/index.js`, '');
    }
    const up = '../'.repeat(file.split('/').length - 1);
    const specifier = target.endsWith('.ts') ? `${up}${target}` : target;
    sources.set(
      `declared:${file}`,
      `import ${imports.startsWith('type ') ? 'type ' : ''}{ x } from '${specifier}';\nexport const y: typeof x = x;\n`,
    );
  }
  // A file that stands on both sides keeps its import.
  for (const [name, text] of sources) {
    const file = name.replace(/^declared:/, '');
    if (name === file && sources.has(`declared:${file}`)) continue;
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  // dependency-cruiser reads TypeScript with the compiler it finds beside itself.
  await symlink(join(ROOT, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
  const output = await new Promise<string>((resolve) => {
    const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    execFile(
      process.execPath,
      [program, '--output-type', 'json', '--config', '.dependency-cruiser.cjs', '.'],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout) => resolve(stdout),
    );
  });
  violations = (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('import boundaries', () => {
  it.each(CASES)('%s importing %s: %s', (file, _imports, rule) => {
    const named = violations.filter(({ from }) => from === file).map((violation) => violation.rule.name);
    if (rule === null) expect(named).toEqual([]);
    else expect(named).toContain(rule);
  });
});
