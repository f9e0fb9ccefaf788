import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../domain/json.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { CreateIntent } from '../../../store/links/create-intents.ts';
import type { Link } from '../../../store/links/links.ts';
import { decideDraft, decidePush, type Draft, type PushDecision } from './decide-push.ts';
import type { PushFacts, PushRules } from './facts.ts';

const AT = new Date('2026-03-01T08:15:00.000Z');
const NOW = AT.getTime() + 60_000;

function hub(over: Partial<HubRecord> = {}): HubRecord {
  return {
    id: 'hub',
    entity: 'work_order',
    number: 'WO-000001',
    fields: { title: 'Replace seal' },
    fieldAt: {},
    version: 2,
    createdAt: AT,
    updatedAt: AT,
    deletedAt: null,
    ...over,
  };
}

function link(over: Partial<Link> = {}): Link {
  return {
    externalId: '301',
    hubId: 'hub',
    address: null,
    externalVersion: 'v1',
    externalNumber: null,
    rawHash: null,
    kept: null,
    mappingVersion: null,
    baseHub: { title: 'Seal' },
    baseExternal: null,
    hubVersion: 1,
    readOnly: false,
    scope: null,
    goneAt: null,
    retiredAt: null,
    retireUndo: null,
    externalUpdatedAt: null,
    ...over,
  };
}

function facts(over: Partial<PushFacts> = {}): PushFacts {
  return {
    hubId: 'hub',
    hub: hub(),
    link: link(),
    held: new Map(),
    intent: undefined,
    updateIntent: undefined,
    inReview: false,
    comments: [],
    knownComments: [],
    external: new Map(),
    tries: 0,
    ...over,
  };
}

function rules(over: Partial<PushRules> = {}): PushRules {
  return {
    entity: 'work_order',
    create: 'now',
    capability: {
      read: true,
      pull: 'incremental',
      create: true,
      update: true,
      remove: true,
      comments: 'read_write',
      findCreated: 'reference',
      retire: { by: 'status CLOSED', undo: true },
    },
    deletePolicy: 'delete',
    mayDelete: null,
    pushFields: ['title', 'asset'],
    shapes: {},
    affected: (fields) => fields,
    creatable: () => false,
    ...over,
  };
}

const without = (...names: ('remove' | 'retire' | 'update')[]): Partial<PushRules> => {
  const { retire, ...capability } = rules().capability;
  return {
    capability: {
      ...capability,
      ...(names.includes('retire') || retire === undefined ? {} : { retire }),
      ...(names.includes('remove') ? { remove: false } : {}),
      ...(names.includes('update') ? { update: false } : {}),
    },
  };
};
const deleted = hub({ deletedAt: AT });
const intent = (state: CreateIntent['state']): CreateIntent => ({
  hubId: 'hub',
  reference: 'REF',
  payload: {},
  state,
  intendedAt: AT.toISOString(),
  triedAt: AT.toISOString(),
});

describe('what a queued record needs', () => {
  it.each<[string, Partial<PushFacts>, Partial<PushRules>, Partial<PushDecision> | { kind: 'draft' }]>([
    ['a record that is not there any more', { hub: undefined }, {}, { kind: 'drop' }],
    ['gone at the system', { link: link({ goneAt: AT }) }, {}, { kind: 'drop' }],
    ['deleted, never made there', { hub: deleted, link: undefined }, {}, { kind: 'drop' }],
    ['deleted, ignored', { hub: deleted }, { deletePolicy: 'ignore' }, { kind: 'drop' }],
    ['deleted, to be deleted', { hub: deleted }, {}, { kind: 'remove', removal: { way: 'remove' } as never }],
    [
      'deleted, to be archived',
      { hub: deleted },
      { deletePolicy: 'archive' },
      { kind: 'remove', removal: { way: 'retire' } as never },
    ],
    [
      'deleted where nothing can be deleted',
      { hub: deleted },
      without('remove'),
      { kind: 'remove', removal: { way: 'retire' } as never },
    ],
    [
      'deleted where nothing can be taken out of use',
      { hub: deleted },
      { ...without('remove', 'retire') },
      { kind: 'refuse', barrier: 'not_writable' },
    ],
    [
      'deleted among too many',
      { hub: deleted },
      { mayDelete: new Set(['302']) },
      { kind: 'pass_over', why: 'too_many_deletions' },
    ],
    ['deleted and let go', { hub: deleted }, { mayDelete: new Set(['301']) }, { kind: 'remove' }],
    ['deleted and out of use already', { hub: deleted, link: link({ retiredAt: AT }) }, {}, { kind: 'drop' }],
    [
      'restored',
      { link: link({ retiredAt: AT }) },
      {},
      { kind: 'remove', removal: { way: 'reinstate' } as never },
    ],
    ['new, before the first reading', { link: undefined }, { create: 'later' }, { kind: 'postpone' }],
    [
      'new, creates are off',
      { link: undefined },
      { create: 'never' },
      { kind: 'pass_over', why: 'create_off' },
    ],
    [
      'new, several may be it',
      { link: undefined, intent: intent('ambiguous') },
      {},
      { kind: 'pass_over', why: 'ambiguous' },
    ],
    ['new, under review', { link: undefined, inReview: true }, {}, { kind: 'pass_over', why: 'in_review' }],
    ['new', { link: undefined }, {}, { kind: 'draft' }],
    ['agreed', { link: link({ baseHub: hub().fields }) }, {}, { kind: 'settle', waitsHubId: null }],
    [
      'refers to what comes',
      { hub: hub({ fields: { title: 'Seal', asset: 'pump' } }) },
      { creatable: () => true },
      { kind: 'wait', waitsHubId: 'pump' },
    ],
    [
      'changed only in what cannot be there',
      { hub: hub({ fields: { title: 'Seal', asset: 'pump' } }) },
      {},
      { kind: 'wait', waitsHubId: 'pump' },
    ],
    ['changed', {}, {}, { kind: 'draft' }],
  ])('%s', (_what, given, ruled, decision) => {
    expect(decidePush(facts(given), rules(ruled))).toMatchObject(decision);
  });
});

describe('what becomes of it when the mapping said how', () => {
  const mapped = (payload: JsonObject = { description: 'Replace seal' }) => ({ ok: true as const, payload });
  const problems = [{ path: 'title', message: 'is too long', rule: 'work_order.yaml:3' }];
  const fresh = { now: NOW, newReference: () => 'NEW' };

  it.each<
    [string, Partial<PushFacts>, Partial<PushRules>, Parameters<typeof decideDraft>[1], Partial<PushDecision>]
  >([
    ['nothing differs there', {}, {}, mapped({}), { kind: 'settle', baseHub: { title: 'Replace seal' } }],
    [
      'closed there for good',
      { link: link({ readOnly: true }) },
      {},
      mapped(),
      { kind: 'refuse', barrier: 'read_only' },
    ],
    ['no call for it', {}, without('update'), mapped(), { kind: 'refuse', barrier: 'not_writable' }],
    ['cannot be mapped', {}, {}, { ok: false, problems }, { kind: 'quarantine', problems }],
    ['to be changed', {}, {}, mapped(), { kind: 'update', update: { lastTry: false } as never }],
    ['for the last time', { tries: 2 }, {}, mapped(), { kind: 'update', update: { lastTry: true } as never }],
    [
      'to be made',
      { link: undefined },
      {},
      mapped(),
      { kind: 'create', newIntent: true, create: { resumed: null, op: { reference: 'NEW' } } as never },
    ],
    [
      'perhaps made by an earlier try',
      { link: undefined, intent: intent('sending') },
      {},
      mapped(),
      { kind: 'create', newIntent: false, create: { resumed: 'create', op: { reference: 'REF' } } as never },
    ],
  ])('%s', (_what, given, ruled, how, decision) => {
    const draft = decidePush(facts(given), rules(ruled)) as Draft;
    expect(draft.kind).toBe('draft');
    expect(decideDraft(draft, how, rules(ruled), fresh)).toMatchObject(decision);
  });
});
