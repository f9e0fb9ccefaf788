import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlantConnection } from '../../test/support/plant.ts';
import { denyAmbiguousCreate, listAmbiguousCreates } from './ambiguous-creates.ts';
import { explainRecord } from '../records/explain-record.ts';
import { openTestPlant, type TestPlant } from '../plant.fixture.ts';
import { acceptReview, listReviews, rejectReview } from './reviews.ts';

let plant: TestPlant;
let onStep: (name: string) => void;
beforeEach(async () => {
  onStep = () => undefined;
  plant = await openTestPlant((name) => onStep(name));
});
afterEach(() => plant.close());

const places = (connection: PlantConnection) =>
  plant
    .rows(connection, 'locations')
    .map(({ name, address }) => [name, address].filter((part) => part !== undefined).join(', '))
    .sort();

async function expectQuiet(connections: PlantConnection[]): Promise<void> {
  for (const { sandbox } of connections) sandbox.control.resetStats();
  expect(await plant.settle()).toBe(1);
  for (const { sandbox } of connections) {
    expect(sandbox.control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
  }
}

describe('first-link matches', () => {
  let north: PlantConnection;
  let south: PlantConnection;
  let hall: string;
  beforeEach(async () => {
    north = await plant.connect('upkeep', { seed: 'empty' }, { name: 'north' });
    for (const address of ['Perth', 'Darwin']) plant.enter(north, 'locations', { name: 'Hall', address });
    await plant.settle();
    south = await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
    hall = plant.enter(south, 'locations', { name: 'Hall' });
    await plant.settle();
  });

  it('shows the candidates side by side, and nothing is created meanwhile', async () => {
    const [review] = await listReviews(plant.person, { connection: 'south' });
    expect(review).toMatchObject({ entity: 'location', externalId: hall, fields: { name: 'Hall' } });
    expect(review?.candidates.map(({ fields }) => fields['address']).sort()).toEqual(['Darwin', 'Perth']);
    expect(places(north)).toEqual(['Hall, Darwin', 'Hall, Perth']);
    expect(places(south)).toEqual(['Hall']);
  });

  it('links the accepted one as at first contact, and creates the other there', async () => {
    const [review] = await listReviews(plant.person);
    const darwin = review?.candidates.find(({ fields }) => fields['address'] === 'Darwin');
    const number = darwin?.number ?? '';
    await acceptReview(plant.person, { connection: 'south', externalId: hall, number });
    await plant.settle();
    expect(places(south)).toEqual(['Hall, Darwin', 'Hall, Perth']);
    expect(places(north)).toEqual(['Hall, Darwin', 'Hall, Perth']);
    const { links, audit } = await explainRecord(plant.person, number);
    expect(links).toMatchObject([{ connection: 'north' }, { connection: 'south', externalId: hall }]);
    expect(audit).toMatchObject([{ action: 'review.accept', actor: 'test:maria' }]);
    expect(await listReviews(plant.person)).toEqual([]);
    await expectQuiet([north, south]);
  });

  it('makes the rejected one a record of its own', async () => {
    const { number } = await rejectReview(plant.person, { connection: 'south', externalId: hall });
    await plant.settle();
    expect((await explainRecord(plant.person, number)).links).toHaveLength(2);
    expect(places(north)).toEqual(['Hall', 'Hall, Darwin', 'Hall, Perth']);
    expect(places(south)).toEqual(['Hall', 'Hall, Darwin', 'Hall, Perth']);
    await expectQuiet([north, south]);
  });

  it('refuses what cannot be meant, and changes nothing', async () => {
    const [review] = await listReviews(plant.person);
    const number = review?.candidates[0]?.number ?? '';
    const accept = (externalId: string, hubNumber: string) =>
      acceptReview(plant.person, { connection: 'south', externalId, number: hubNumber });
    await expect(accept('nobody', number)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(accept(hall, 'L-999999')).rejects.toMatchObject({ kind: 'not_found' });
    await accept(hall, number);
    await expect(accept(hall, number)).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('creates of which several vendor records may be the result', () => {
  let north: PlantConnection;
  let south: PlantConnection;
  let twin: string;
  beforeEach(async () => {
    north = await plant.connect('upkeep', { seed: 'empty' }, { name: 'north' });
    north.sandbox.control.insert('locations', { name: 'Dock', address: 'Perth' });
    south = await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
    await plant.pass(north);
    await plant.pass(south, { entities: ['person'] });
    south.sandbox.control.setFaults({
      rules: [{ match: { method: 'POST', path: 'locations' }, effect: 'drop_after_commit', times: 1 }],
    });
    // Somebody there enters the same place while our create is on its way.
    onStep = (name) => {
      if (name !== 'push:intended') return;
      twin = plant.enter(south, 'locations', { name: 'Dock', address: 'Perth' });
      onStep = () => undefined;
    };
    await plant.pass(south, { entities: ['location'] });
    await plant.settle();
  });

  it("waits for a person and takes neither for somebody else's", async () => {
    const [create] = await listAmbiguousCreates(plant.person);
    expect(create).toMatchObject({ connection: 'south', entity: 'location', number: 'L-000001' });
    expect(create?.candidates).toHaveLength(2);
    expect(await listReviews(plant.person)).toMatchObject([
      { candidates: [{ number: 'L-000001' }] },
      { candidates: [{ number: 'L-000001' }] },
    ]);
    expect(places(north)).toHaveLength(1);
    expect(places(south)).toHaveLength(2);
  });

  it('adopts the one a person names; the other is a record of its own then', async () => {
    const [create] = await listAmbiguousCreates(plant.person);
    const ours = create?.candidates.find(({ externalId }) => externalId !== twin)?.externalId ?? '';
    await acceptReview(plant.person, { connection: 'south', externalId: ours, number: 'L-000001' });
    expect(await listAmbiguousCreates(plant.person)).toEqual([]);
    expect(await listReviews(plant.person)).toEqual([]);
    await plant.settle();
    expect([places(north).length, places(south).length]).toEqual([2, 2]);
    const { links } = await explainRecord(plant.person, 'L-000001');
    expect(links.map(({ externalId }) => externalId)).toContain(ours);
    await expectQuiet([north, south]);
  });

  it('creates it when none of them is it', async () => {
    const { own } = await denyAmbiguousCreate(plant.person, { connection: 'south', number: 'L-000001' });
    expect(own).toHaveLength(2);
    await plant.settle();
    expect([places(north).length, places(south).length]).toEqual([3, 3]);
    expect(await listAmbiguousCreates(plant.person)).toEqual([]);
    expect(await listReviews(plant.person)).toEqual([]);
    await expectQuiet([north, south]);
  });
});
