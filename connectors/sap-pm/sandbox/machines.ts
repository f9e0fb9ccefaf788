/** The pit's machines as SAP names them, and where each stands. */

/** Serial numbers are the makers', the same in every system; names and numbers are SAP's own. */
export const MACHINES = [
  { letter: 'A', equipment: '10000001', serial: 'RH120-A-0001', pit: 'PIT-N', model: 'RH120E' },
  { letter: 'B', equipment: '10000002', serial: 'RH120-B-0002', pit: 'PIT-N', model: 'RH120C' },
  { letter: 'C', equipment: '10000003', serial: 'RH120-C-0003', pit: 'PIT-N', model: 'RH120E' },
  { letter: 'D', equipment: '10000004', serial: 'RH120-D-0004', pit: 'PIT-S', model: 'RH120E' },
  { letter: 'E', equipment: '10000005', serial: 'RH120-E-0005', pit: 'PIT-S', model: 'RH120E' },
] as const;
export type Machine = (typeof MACHINES)[number];

export function positionOf(machine: Machine): string {
  return `${machine.pit}-EX${machine.letter}`;
}
