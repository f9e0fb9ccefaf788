/** The canonical entities in dependency order: a pass walks them from left to right, so that what a record refers to is linked before it. */
export const ENTITIES = [
  'person',
  'location',
  'asset',
  'part',
  'meter',
  'plan',
  'request',
  'work_order',
] as const;
export type Entity = (typeof ENTITIES)[number];
