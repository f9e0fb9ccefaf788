/** docs/connectors.md: what each system can do, as its manifest says, and what the conformance suite proved of it. */
import { ENTITIES } from '../domain/entities/index.ts';
import { ASPECTS, proofTable, type Aspect, type Proof } from './kit/conformance-report.ts';
import type { EntityCapability, Manifest } from './kit/contract.ts';

const PROVED = '## What is proved';

export function connectorsPage(manifests: readonly Manifest[], proofs: readonly Proof[]): string {
  return `${capabilityPart(manifests)}\n${proofPart(proofs)}\n`;
}

/** The part of a written page that follows from the manifests alone. */
export function capabilityPartOf(page: string): string {
  const end = page.indexOf(PROVED);
  return end === -1 ? page : page.slice(0, end - 1);
}

export function capabilityPart(manifests: readonly Manifest[]): string {
  const sorted = [...manifests].sort((a, b) => a.system.localeCompare(b.system));
  return [
    '# Connectors',
    '',
    'Written by `npm run connectors:report`; do not edit. The first three parts come from `connectors/<system>/manifest.ts`, and',
    '`npm run check` fails when they are stale.',
    '',
    '## What each system can do',
    '',
    '`r` read (`R`: only what changed since the last pass), `c` create, `u` update, `d` delete, `k` comments read, `K` comments read and',
    'written, `f` files read, `F` files both ways, `w` files written, `x` taken out of use, `X` and back.',
    '',
    row(['', ...ENTITIES]),
    row(['---', ...ENTITIES.map(() => '---')]),
    ...sorted.map(({ title, capabilities }) =>
      row([title, ...ENTITIES.map((entity) => letters(capabilities[entity]))]),
    ),
    '',
    '## How fast we ask, and how',
    '',
    row([
      '',
      'page, largest page',
      'writes handed over at once',
      'calls at once',
      'requests/s',
      'window read again',
      'log in by',
      'webhooks',
    ]),
    row(['---', '---', '---', '---', '---', '---', '---', '---']),
    ...sorted.map(({ title, limits, authModes, webhooks }) =>
      row([
        title,
        `${limits.pageSize}, ${limits.pageSizeMax}`,
        String(limits.writeBatch),
        String(limits.parallel),
        String(limits.requestsPerSecond),
        limits.overlapMs === 0 ? 'everything is read' : `${limits.overlapMs / 60_000} min`,
        authModes.join(', '),
        webhooks ? 'yes' : 'no',
      ]),
    ),
    '',
    '## How records are taken out of use',
    '',
    'Instead of deleting them, in the way the system itself has for it.',
    '',
    ...sorted.flatMap(({ title, capabilities }) => retireLines(title, capabilities)),
    '',
    '## What cannot be done, and why',
    '',
    ...sorted.flatMap(({ title, source, capabilities }) => [
      `### ${title}`,
      '',
      `Source: ${source}.`,
      '',
      ...noteLines(capabilities),
      '',
    ]),
  ].join('\n');
}

function proofPart(proofs: readonly Proof[]): string {
  return [
    PROVED,
    '',
    'Tests of the conformance suite (`connectors/conformance.test.ts`) that passed against the sandboxes, by what they prove; a system that has',
    'nothing to prove in a column is left empty. PostgreSQL and MariaDB pass the same suite in `connectors/sql/*.db.test.ts`.',
    '',
    proofTable(proofs),
    '',
    ...(Object.entries(ASPECTS) as [Aspect, string][]).map(
      ([aspect, meaning]) => `- **${aspect}**: ${meaning}.`,
    ),
  ].join('\n');
}

function letters(able: EntityCapability): string {
  const comments = { read_write: 'K', write: 'K', read: 'k', none: '' }[able.comments];
  const files = { read_write: 'F', write: 'w', read: 'f', none: '' }[able.attachments ?? 'none'];
  const read = able.pull === 'incremental' ? 'R' : able.read ? 'r' : '';
  const retired = able.retire === undefined ? '' : able.retire.undo ? 'X' : 'x';
  const said = `${read}${able.create ? 'c' : ''}${able.update ? 'u' : ''}${able.remove ? 'd' : ''}${comments}${files}${retired}`;
  return said === '' ? '-' : said;
}

/** Systems described by documents say the same of every entity. */
function noteLines(capabilities: Manifest['capabilities']): string[] {
  const notes = ENTITIES.flatMap((entity) => {
    const { note } = capabilities[entity];
    return note === undefined ? [] : [{ entity, note }];
  });
  const [first] = notes;
  if (first === undefined) return ['Nothing is missing.'];
  if (notes.length > 1 && notes.every(({ note }) => note === first.note))
    return [`- every entity: ${first.note}`];
  return notes.map(({ entity, note }) => `- ${entity}: ${note}`);
}

function retireLines(title: string, capabilities: Manifest['capabilities']): string[] {
  const ways = new Map<string, string[]>();
  for (const entity of ENTITIES) {
    const { retire } = capabilities[entity];
    if (retire === undefined) continue;
    const way = `${retire.by}${retire.undo ? '' : ', without a way back'}`;
    ways.set(way, [...(ways.get(way) ?? []), entity]);
  }
  const told = [...ways].map(([way, entities]) => `${entities.join(', ')}: ${way}`);
  return told.length === 0 ? [] : [`- ${title}: ${told.join('; ')}.`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
