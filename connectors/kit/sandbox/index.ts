/** The sandbox kit: everything a vendor's imitation shares with the others. */
export { parseCsv } from './csv.ts';
export type { SandboxClock } from './clock.ts';
export {
  EXCAVATORS,
  ordersOfSite,
  readExcavatorSite,
  type Excavator,
  type ExcavatorSite,
} from './excavator-site.ts';
export { loadExcavatorOrders, type ExcavatorOrder } from './excavators.ts';
export { FAULT_EFFECTS, type FaultEffect, type FaultPlan, type FaultRule } from './faults.ts';
export type { RateLimit } from './rate-window.ts';
export { createRandom, type Random } from './random.ts';
export { startSandbox } from './server.ts';
export { readState, type SavedState } from './state-file.ts';
export type { SandboxStats, ServedPage, StatsSnapshot, WriteKind } from './stats.ts';
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
