/** Which seeds of the fault lane to run: `npm run test:faults -- --seed 7`, `-- --seeds 10000`; tools/test.mjs hands them on. */

/** Scenarios with every connector have their numbers from here on, those of Maximo and UpKeep alone below. */
export const EVERY_CONNECTOR_FROM = 10_001;
/** From here on people of the plant also mend links, take records away and edit lists element by element. */
export const PERSONS_FROM = 50_001;
/** As many as `npm test` takes time for, and those that broke a law once; the lane of its own runs more. */
const SHORT = { maximoAndUpkeep: 5, everyConnector: 14, persons: 6 };
const ONCE_BROKEN = [105, 139];
/** Of a number asked for, one in so many is of Maximo and UpKeep, and as many have people who mend. */
const ONE_IN = 4;

export interface FaultSeeds {
  name: string;
  seeds: readonly number[];
}

export function faultSeeds(): FaultSeeds[] {
  const { CHATTERFIX_FAULT_SEED: chosen, CHATTERFIX_FAULT_SEEDS: asked } = process.env;
  if (chosen !== undefined) return [{ name: 'the seeds chosen', seeds: chosen.split(',').map(Number) }];
  const part = asked === undefined ? null : Math.ceil(Number(asked) / ONE_IN);
  const two = part ?? SHORT.maximoAndUpkeep;
  const persons = part ?? SHORT.persons;
  const every = asked === undefined ? SHORT.everyConnector : Math.max(0, Number(asked) - two - persons);
  return [
    {
      name: 'Maximo and UpKeep',
      seeds: [...from(1, two), ...(asked === undefined ? ONCE_BROKEN : [])],
    },
    { name: 'every connector', seeds: from(EVERY_CONNECTOR_FROM, every) },
    { name: 'persons who mend', seeds: from(PERSONS_FROM, persons) },
  ];
}

function from(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
