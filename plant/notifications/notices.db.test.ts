/** From what happened to what is sent, on a real database, with channels that remember what they were given. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { renderNotice } from '../../channels/render.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/notifications/notice.ts';
import { raiseAlerts } from '../../store/assets/asset-alerts.ts';
import { insertConnection, setConnectionState } from '../../store/connections/connections.ts';
import { putDocument, type DocumentKind } from '../../store/notifications/documents.ts';
import { listIntents } from '../../store/notifications/intents.ts';
import { closeBreaker, loadBreakers } from '../../store/notifications/windows.ts';
import { acknowledgeAssetAlert, resolveAssetAlert } from '../assets/alerts.ts';
import { stepEscalation } from '../escalation/step.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { ASSET, PERSON } from '../records/plain-records-kinds.ts';
import { createPlain } from '../records/plain-records.ts';
import { closeNextDigest, deliverNext, fallBack } from './deliver.ts';
import { removeNoticeDocument, writeNoticeDocument, zonesOfProcess } from './documents.ts';
import { refreshMessages } from './message.ts';
import type { NoticeDelivery, NoticeDeps } from './notice-deps.ts';
import { spreadNext } from './spread.ts';

let plant: TestPlant;
let deps: NoticeDeps;
let asset: string;
let maria: string;
let clock = 0;
const sent: string[] = [];
const updated: string[] = [];
let answer: (channel: Channel) => NoticeDelivery;
const accepted: NoticeDelivery = { kind: 'accepted', providerId: 'p-1', detail: {} };

beforeAll(async () => {
  plant = await openTestPlant();
  const { person } = plant;
  asset = (await createPlain(person, ASSET, { name: 'Pump' })).id;
  maria = (await createPlain(person, PERSON, { name: 'Maria' })).id;
  deps = {
    store: plant.store,
    now: () => clock,
    newId: () => person.newId(),
    zones: zonesOfProcess(),
    async send(_tenant, channel, to, message) {
      sent.push(`${channel} ${to}: ${message.title}`);
      return answer(channel);
    },
    async update(_tenant, channel, { to }, message) {
      updated.push(`${channel} ${to}: ${message.title}`);
      return accepted;
    },
    render: renderNotice,
    tokenOf: (_tenant, id) => id,
    linkOf: () => null,
    escalate: async (tenantId, alertId) => {
      await stepEscalation(deps, { tenantId, alertId });
    },
  };
  await plant.store.inTenant(plant.tenantId, async (tx) => {
    for (const name of ['slack', 'email', 'sms'])
      await putDocument(tx, plant.tenantId, {
        kind: 'channel',
        name,
        document: {},
        at: '2026-03-01T00:00:00Z',
      });
  });
  await writeNoticeDocument(person, 'team', 'alerts', { title: 'Alerts', members: [maria] });
  await writeNoticeDocument(person, 'team', 'operations', { title: 'Operations', members: [maria] });
});
afterAll(() => plant.close());
beforeEach(async () => {
  // Each test has its own day: windows of others are over.
  clock = Math.max(Date.now(), clock) + 10 * 86_400_000;
  answer = () => accepted;
  await contact({});
  await work();
  await plant.store.inTenant(plant.tenantId, async (tx) => {
    for (const { channel } of await loadBreakers(tx, plant.tenantId))
      await closeBreaker(tx, plant.tenantId, channel);
  });
  sent.length = 0;
  updated.length = 0;
});

async function contact(preferences: object): Promise<void> {
  await writeNoticeDocument(plant.person, 'contact', maria, {
    addresses: { slack: 'U0MARIA', email: 'maria@plant.example' },
    ...(Object.keys(preferences).length === 0 ? {} : { preferences: { zone: 'UTC', ...preferences } }),
  });
}

async function raise(alertType: string, severity: 'medium' | 'high' | 'critical' = 'high'): Promise<string> {
  const id = randomUUID();
  await plant.store.inTenant(plant.tenantId, (tx) =>
    raiseAlerts(tx, plant.tenantId, [
      { id, hubId: asset, alertType, severity, message: '96 °C', at: '2026-03-01T08:15:00Z' },
    ]),
  );
  return id;
}

async function work(): Promise<void> {
  const { tenantId } = plant;
  while (await spreadNext(deps, tenantId));
  await fallBack(deps, tenantId);
  while (await deliverNext(deps, tenantId));
  while (await closeNextDigest(deps, tenantId));
  await refreshMessages(deps, tenantId);
}

async function states(subject: string): Promise<string[]> {
  const rows = await plant.store.inTenant(plant.tenantId, (tx) =>
    listIntents(tx, plant.tenantId, { subject }, { before: null, limit: 100 }),
  );
  return rows.reverse().map(({ channel, state }) => `${channel} ${state}`);
}

describe('an alert', () => {
  it('is told at once, those that follow are collected and told as one', async () => {
    const first = await raise('a1');
    const second = await raise('a2');
    const third = await raise('a3');
    await work();
    expect(sent).toEqual(['slack U0MARIA: HIGH: A-000001 a1']);
    clock += 300_000;
    await work();
    expect(sent.slice(1)).toEqual(['slack U0MARIA: HIGH: A-000001 a2 (and 1 more)']);
    for (const id of [first, second, third]) expect(await states(`alert/${id}`)).toEqual(['slack accepted']);
  });

  it('that became worse is told again, urgent past everything', async () => {
    await raise('b1', 'medium');
    await work();
    await raise('b1', 'critical');
    await work();
    expect(sent).toEqual(['slack U0MARIA: MEDIUM: A-000001 b1', 'slack U0MARIA: CRITICAL: A-000001 b1']);
  });

  it('waits for the end of quiet hours, and is not told when it is over by then', async () => {
    await contact({ quietHours: { windows: [{ from: '00:00', to: '23:59' }], bypass: [] } });
    const id = await raise('c1');
    await work();
    expect(await states(`alert/${id}`)).toEqual(['slack waiting']);
    await acknowledgeAssetAlert(plant.person, asset, id, 'tom');
    await work();
    expect(sent).toEqual([]);
    expect(await states(`alert/${id}`)).toEqual(['slack cancelled']);
  });

  it('goes to the next channel when one refuses it, and when one does not take it in time', async () => {
    answer = (channel) =>
      channel === 'slack' ? { kind: 'refused', reason: 'channel_not_found', code: null } : accepted;
    const refused = await raise('d1');
    await work();
    expect(await states(`alert/${refused}`)).toEqual(['slack failed', 'email accepted']);
    answer = (channel) =>
      channel === 'slack'
        ? { kind: 'later', reason: 'busy', retryAfterMs: 600_000, unknown: false }
        : accepted;
    clock += 3_600_000;
    const late = await raise('d2');
    await work();
    expect(await states(`alert/${late}`)).toEqual(['slack waiting']);
    clock += 121_000;
    await work();
    expect((await states(`alert/${late}`)).sort()).toEqual(['email accepted', 'slack waiting']);
    answer = () => accepted;
    clock += 600_000;
    await work();
  });

  it('whose acknowledgement is known changes the message that told of it', async () => {
    const id = await raise('e1');
    await work();
    await acknowledgeAssetAlert(plant.person, asset, id, 'tom');
    await work();
    expect(updated).toEqual(['slack U0MARIA: Acknowledged: HIGH: A-000001 e1']);
  });

  it('that is resolved is told to those who heard of it', async () => {
    const id = await raise('f1');
    await work();
    await resolveAssetAlert(plant.person, asset, id, { by: 'tom', notes: null });
    clock += 301_000;
    await work();
    expect(sent).toEqual(['slack U0MARIA: HIGH: A-000001 f1', 'slack U0MARIA: Resolved: A-000001 f1']);
  });
});

describe('a channel that fails again and again', () => {
  it('is left alone, says so, and is tried again', async () => {
    answer = (channel) =>
      channel === 'slack' ? { kind: 'later', reason: 'down', retryAfterMs: null, unknown: false } : accepted;
    for (const type of ['g1', 'g2', 'g3', 'g4', 'g5']) {
      await raise(type, 'critical');
      await work();
    }
    const breakers = await plant.store.inTenant(plant.tenantId, (tx) => loadBreakers(tx, plant.tenantId));
    expect(breakers).toMatchObject([{ channel: 'slack', failures: 5, reason: 'down' }]);
    sent.length = 0;
    const next = await raise('g6', 'critical');
    await work();
    expect(sent).toEqual(['email maria@plant.example: CRITICAL: A-000001 g6']);
    expect((await states(`alert/${next}`)).sort()).toEqual(['email accepted', 'slack failed']);
    answer = () => accepted;
    clock += 3_600_000;
    await work();
    expect(await plant.store.inTenant(plant.tenantId, (tx) => loadBreakers(tx, plant.tenantId))).toEqual([]);
  });
});

describe('the sync', () => {
  it('says that a connection is paused, and why', async () => {
    const id = randomUUID();
    await plant.store.inTenant(plant.tenantId, async (tx) => {
      await insertConnection(tx, {
        id,
        tenantId: plant.tenantId,
        system: 'maximo',
        name: 'Maximo',
        config: {},
      });
      await setConnectionState(tx, id, 'paused', 'Three logins failed.');
    });
    await work();
    expect(sent).toEqual(['email maria@plant.example: Maximo is paused']);
  });
});

describe('what leads to nobody is refused', () => {
  const unknown = '3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';
  it.each([
    ['a team of nobody', 'team', 't', { title: 'T', members: [] }, 'members'],
    ['a team of somebody unknown', 'team', 't', { title: 'T', members: [unknown] }, 'members[0]'],
    [
      'a policy that tells nobody',
      'escalation_policy',
      'p',
      { title: 'P', steps: [{ notify: [{ team: 'nobody' }], waitS: 60 }] },
      'steps[0].notify[0].team',
    ],
    [
      'a notice to a team that is not there',
      'notice_policy',
      'alert_raised',
      { audience: [{ team: 'nobody' }] },
      'audience[0].team',
    ],
    ['a notice that is none', 'notice_policy', 'alert_rised', {}, 'name'],
    ['an address that is none', 'contact', unknown, { addresses: { sms: '0151' } }, 'name'],
  ] satisfies [string, Exclude<DocumentKind, 'channel'>, string, object, string][])(
    '%s',
    async (_what, kind, name, document, path) => {
      await expect(
        writeNoticeDocument(plant.person, kind, name, document as JsonObject),
      ).rejects.toMatchObject({
        kind: 'invalid_request',
        path,
      });
    },
  );

  it('a rotation with a gap, with the time of the gap', async () => {
    const rotation = {
      name: 'day',
      members: [maria],
      from: '2026-03-02',
      handover: '08:00',
      every: { n: 1, unit: 'week' },
      hours: [{ from: '06:00', to: '18:00' }],
    };
    await expect(
      writeNoticeDocument(plant.person, 'on_call_schedule', 'pit', {
        title: 'Pit',
        zone: 'Australia/Perth',
        rotations: [rotation],
      }),
    ).rejects.toMatchObject({ kind: 'invalid_request', path: 'rotations' });
  });

  it('and a team that a policy names cannot go', async () => {
    await writeNoticeDocument(plant.person, 'team', 'night', { title: 'Night', members: [maria] });
    await writeNoticeDocument(plant.person, 'escalation_policy', 'night', {
      title: 'Night',
      steps: [{ notify: [{ team: 'night' }], waitS: 60 }],
      covers: { alertTypes: ['never'] },
    });
    await expect(removeNoticeDocument(plant.person, 'team', 'night')).rejects.toMatchObject({
      kind: 'conflict',
    });
    await removeNoticeDocument(plant.person, 'escalation_policy', 'night');
    await removeNoticeDocument(plant.person, 'team', 'night');
  });
});
