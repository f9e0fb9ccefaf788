/**
 * What a plant writes about notices: teams, on-call schedules, escalation policies, policies of notices, how people are told. Each is judged
 * against the plant before it is kept: nothing in it may lead to nobody.
 */
import { z } from 'zod';
import { checkOnCall } from '../../domain/escalation/check-on-call.ts';
import { checkPolicy } from '../../domain/escalation/check-policy.ts';
import { ALARM_SEVERITIES } from '../../domain/alarms/severity.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { NOTICE_TYPES } from '../../domain/notifications/notice.ts';
import { noticePolicy } from '../../domain/notifications/policy.ts';
import { checkPreferences } from '../../domain/notifications/preferences.ts';
import { readInput, valueOf } from '../../domain/read-input.ts';
import { createZones, type Zones } from '../../domain/time/zones.ts';
import {
  listDocuments,
  lockDocument,
  putDocument,
  removeDocument,
  type DocumentKind,
  type NoticeDocument,
} from '../../store/notifications/documents.ts';
import { loadNoticePeople } from '../../store/notifications/subjects.ts';
import type { Tx } from '../../store/index.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,99}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const personId = z.string().regex(UUID, 'must be the id of a person');

export const team = z.strictObject({
  title: z.string().min(1).max(200),
  members: z.array(personId).min(1, 'name at least one person').max(200),
});

/** Which alerts a policy is for; of several that fit, the one with types, then the most severe, then the first by name. */
export const covers = z.strictObject({
  from: z.enum(ALARM_SEVERITIES).default('high'),
  alertTypes: z.array(z.string().min(1).max(200)).max(100).default([]),
});
export type Covers = z.output<typeof covers>;

export const audience = z
  .array(
    z.union([
      z.strictObject({ person: personId }),
      z.strictObject({ team: z.string().min(1).max(100) }),
      z.strictObject({ onCall: z.string().min(1).max(100) }),
    ]),
  )
  .min(1, 'tell at least one person, team or on-call schedule')
  .max(50);

export const noticeRule = z.strictObject({ policy: noticePolicy.optional(), audience: audience.optional() });
export type NoticeRule = z.output<typeof noticeRule>;

const addresses = z.strictObject({
  email: z.email().max(254).optional(),
  sms: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +4915112345678')
    .optional(),
  slack: z
    .string()
    .regex(/^[CDGU][A-Z0-9]{2,20}$/, 'must be the id of a member or channel, such as U024BE7LH')
    .optional(),
  teams: z.string().min(1).max(100).optional(),
  webhook: z.string().min(1).max(100).optional(),
});
export const contact = z.strictObject({
  addresses: addresses.default({}),
  preferences: z.unknown().optional(),
});

export const zonesOfProcess = (): Zones => createZones({ tzdb: process.versions.tz ?? '' });

/** The names of documents that there are, for checks and for whoever reads them. */
export async function knownTeams(tx: Tx, tenantId: string): Promise<Map<string, string[]>> {
  const rows = await listDocuments(tx, tenantId, 'team');
  return new Map(rows.map(({ name, document }) => [name, team.parse(document).members]));
}

type Checker = (tx: Tx, tenantId: string, name: string, input: JsonObject) => Promise<JsonObject>;

/** The document as it is kept; throws an `invalid_request` that names the field at fault. What was written is kept as written. */
const CHECKS: Readonly<Record<Exclude<DocumentKind, 'channel'>, Checker>> = {
  async team(tx, tenantId, _name, input) {
    const { members } = readInput(team, input);
    await assertPeople(
      tx,
      tenantId,
      members.map((id, index) => [`members[${String(index)}]`, id]),
    );
    return input;
  },
  async on_call_schedule(tx, tenantId, name, input) {
    const schedule = { ...input, name };
    const ids = textsAt(schedule, /^(rotations\.\d+\.members\.\d+|overrides\.\d+\.person)$/);
    valueOf(checkOnCall(schedule, { zones: zonesOfProcess(), people: await peopleOf(tx, tenantId, ids) }));
    return schedule;
  },
  async escalation_policy(tx, tenantId, name, input) {
    const { covers: range, ...policy } = input;
    readInput(covers, range ?? {});
    const ids = textsAt(policy, /^steps\.\d+\.notify\.\d+\.person$/);
    valueOf(
      checkPolicy(
        { ...policy, name },
        {
          zones: zonesOfProcess(),
          people: await peopleOf(tx, tenantId, ids),
          teams: await knownTeams(tx, tenantId),
          onCallSchedules: new Set(
            (await listDocuments(tx, tenantId, 'on_call_schedule')).map((one) => one.name),
          ),
        },
      ),
    );
    return { ...policy, name, covers: range ?? {} };
  },
  async notice_policy(tx, tenantId, name, input) {
    if (!NOTICE_TYPES.some((type) => type === name))
      throw new Failure(
        'invalid_request',
        `name: there is no notice "${name}"; take one of ${NOTICE_TYPES.join(', ')}.`,
        { path: 'name' },
      );
    const rule = readInput(noticeRule, input);
    const teams = await knownTeams(tx, tenantId);
    for (const [index, target] of (rule.audience ?? []).entries())
      if ('team' in target && !teams.has(target.team))
        throw new Failure(
          'invalid_request',
          `audience[${String(index)}].team: there is no team "${target.team}".`,
          { path: `audience[${String(index)}].team` },
        );
    return input;
  },
  async contact(tx, tenantId, name, input) {
    await assertPeople(tx, tenantId, [['name', name]]);
    const { preferences } = readInput(contact, input);
    if (preferences !== undefined) valueOf(checkPreferences(preferences, { zones: zonesOfProcess() }));
    return input;
  },
};

export async function listNoticeDocuments(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  kind: DocumentKind,
): Promise<NoticeDocument[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listDocuments(tx, deps.tenantId, kind));
}

export async function writeNoticeDocument(
  deps: PersonDeps,
  kind: Exclude<DocumentKind, 'channel'>,
  name: string,
  input: JsonObject,
): Promise<NoticeDocument> {
  if (kind !== 'contact' && !NAME.test(name))
    throw new Failure('invalid_request', 'name: use small letters, digits, - and _, at most 100.', {
      path: 'name',
    });
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const before = await lockDocument(tx, deps.tenantId, kind, name);
    const document = await CHECKS[kind](tx, deps.tenantId, name, input);
    const at = instantOf(deps);
    const row = await putDocument(tx, deps.tenantId, { kind, name, document, at });
    await audit(deps, tx, {
      action: `${kind}.write`,
      subject: `${kind}/${name}`,
      before: before?.document ?? null,
      after: document,
      at,
    });
    return row;
  });
}

export async function removeNoticeDocument(
  deps: PersonDeps,
  kind: DocumentKind,
  name: string,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const before = await lockDocument(tx, deps.tenantId, kind, name);
    if (before === null)
      throw new Failure('not_found', `There is no ${kind.replaceAll('_', ' ')} "${name}".`);
    await assertUnused(tx, deps.tenantId, kind, name);
    await removeDocument(tx, deps.tenantId, kind, name);
    await audit(deps, tx, {
      action: `${kind}.delete`,
      subject: `${kind}/${name}`,
      before: before.document,
      after: null,
      at: instantOf(deps),
    });
  });
}

/** A policy that names a team which is gone would tell nobody. */
async function assertUnused(tx: Tx, tenantId: string, kind: DocumentKind, name: string): Promise<void> {
  const member = kind === 'team' ? 'team' : kind === 'on_call_schedule' ? 'onCall' : null;
  if (member === null) return;
  const users = [
    ...(await listDocuments(tx, tenantId, 'escalation_policy')),
    ...(await listDocuments(tx, tenantId, 'notice_policy')),
  ].filter(({ document }) => textsAt(document, new RegExp(`\\.${member}$`)).includes(name));
  if (users.length > 0)
    throw new Failure(
      'conflict',
      `"${name}" is still named by ${users.map((one) => one.name).join(', ')}; change that first.`,
    );
}

async function peopleOf(tx: Tx, tenantId: string, ids: readonly string[]): Promise<Set<string>> {
  const people = await loadNoticePeople(
    tx,
    tenantId,
    ids.filter((id) => UUID.test(id)),
  );
  return new Set(people.map(({ id }) => id));
}

async function assertPeople(
  tx: Tx,
  tenantId: string,
  named: readonly (readonly [string, string])[],
): Promise<void> {
  const known = await peopleOf(
    tx,
    tenantId,
    named.map(([, id]) => id),
  );
  const lost = named.find(([, id]) => !known.has(id.toLowerCase()));
  if (lost !== undefined)
    throw new Failure('invalid_request', `${lost[0]}: there is no person "${lost[1]}".`, { path: lost[0] });
}

/** Texts whose path fits, such as `steps.0.notify.0.person`. */
function textsAt(value: unknown, path: RegExp, at = ''): string[] {
  if (typeof value === 'string') return path.test(at) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    textsAt(inner, path, at === '' ? name : `${at}.${name}`),
  );
}
