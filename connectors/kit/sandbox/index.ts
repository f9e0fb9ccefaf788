/** The sandbox kit: everything a vendor's imitation shares with the others. */
export type { SandboxClock } from './clock.ts';
export { parseCsv } from './csv.ts';
export {
  choice,
  count,
  either,
  flag,
  kept,
  orNothing,
  restOf,
  shape,
  textByName,
  texts,
  turnDial,
  written,
  type Dial,
  type DialSet,
  type DialValues,
} from './dials.ts';
export {
  asRecords,
  createElements,
  inField,
  NO_ELEMENTS,
  type ElementList,
  type ElementLists,
  type Elements,
} from './elements.ts';
export {
  EXCAVATORS,
  ordersOfSite,
  readExcavatorSite,
  type Excavator,
  type ExcavatorSite,
} from './excavator-site.ts';
export { loadExcavatorOrders, type ExcavatorOrder } from './excavators.ts';
export {
  FAULT_EFFECTS,
  type FaultEffect,
  type FaultMatch,
  type FaultPlan,
  type FaultRule,
} from './faults.ts';
export { HOSTILE_TEXTS, PLACEHOLDERS, type HostileText } from './hostile-texts.ts';
export { listen, serveLocally, stopListening, type LocalServer } from './local-server.ts';
export { readMultipart, type Part } from './multipart.ts';
export {
  createPaging,
  PAGE_FAULTS,
  pageDials,
  type Page,
  type PageDials,
  type PageFaultName,
  type PageWish,
  type Paging,
} from './pages.ts';
export { createPast, staleReads, type Past, type StaleReads } from './past.ts';
export { createRandom, type Random } from './random.ts';
export type { RateLimit } from './rate-window.ts';
export { createScreens, refuseForeign, type Screens } from './screens.ts';
export { readSeedName, type SeedName } from './seed-name.ts';
export { startSandbox } from './server.ts';
export { createStamp, type Stamp } from './stamps.ts';
export { readState, type SavedState } from './state-file.ts';
export { startVendor, type Opened, type Opening, type VendorPlan } from './start-vendor.ts';
export type { SandboxStats, ServedPage, StatsSnapshot, WriteKind } from './stats.ts';
export { keyOf, keyPart, keyWith, type RowId } from './table-key.ts';
export { byField, lowerBound, type Compare } from './table-order.ts';
export { createTables, objectNamed, type Change, type Tables } from './tables.ts';
export type {
  RunningSandbox,
  SandboxControl,
  SandboxOptions,
  SandboxRequest,
  SandboxResponse,
  SandboxVendor,
  VendorState,
} from './types.ts';
export { createSandboxWorld, type SandboxWorld } from './world.ts';
export {
  DAY_MS,
  type Plant,
  type PlantMachine,
  type PlantOrder,
  type PlantPart,
  type PlantRequest,
  type PlantState,
} from './plant.ts';
export { plantOfSeed, type PlantWish } from './seed-plant.ts';
