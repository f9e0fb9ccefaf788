// The messages of api/proto. `check` lints them, refuses a change that breaks a client (against api/proto/baseline.binpb)
// and holds go-client/cmmspb to the files it was made from; `generate` makes it anew, which needs Go.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTool } from './go-client.mjs';
import { ENVIRONMENT, NODE, ROOT, run } from './install.mjs';

const FOLDER = 'api/proto';
const BASELINE = `${FOLDER}/baseline.binpb`;
/** Of the files that go-client/cmmspb was made from. */
const SUM = join(ROOT, 'go-client/cmmspb/proto.sum');
const BUF = 'node_modules/@bufbuild/buf/bin/buf';

function sourceSum() {
  const folder = join(ROOT, FOLDER, 'cmms/v1');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return `${hash.digest('hex')}\n`;
}

async function buf(...args) {
  const { code, output } = await run(NODE, [BUF, ...args], { capture: true });
  if (code !== 0) console.error(output.trimEnd());
  return code === 0;
}

async function check() {
  const linted = await buf('lint', FOLDER);
  const compatible = await buf('breaking', FOLDER, '--against', BASELINE);
  const fresh = readFileSync(SUM, 'utf8') === sourceSum();
  if (!fresh) console.error('go-client/cmmspb is not made from api/proto as it is; run `npm run proto`.');
  return linted && compatible && fresh;
}

async function generate() {
  const { code, output } = await buildTool(
    'google.golang.org/protobuf/cmd/protoc-gen-go',
    'google.golang.org/grpc/cmd/protoc-gen-go-grpc',
  );
  if (code !== 0) {
    console.error(output.trimEnd());
    return false;
  }
  ENVIRONMENT.PATH = `${join(ROOT, 'node_modules/.cache/go')}:${ENVIRONMENT.PATH}`;
  if (!(await buf('generate', '--template', 'go-client/buf.gen.yaml'))) return false;
  writeFileSync(SUM, sourceSum());
  return true;
}

/** After a release: the messages as they are now become a promise. */
async function promise() {
  return buf('build', FOLDER, '--exclude-source-info', '-o', BASELINE);
}

const work = { check, generate, promise }[process.argv[2] ?? 'check'];
if (work === undefined) {
  console.error('Use one of: check, generate, promise.');
  process.exit(2);
}
process.exitCode = (await work()) ? 0 : 1;
