/** `orders:N`: N open orders on ten pumps, one second apart, for measuring. */
import { EMPTY_PLANT, type Plant, type PlantAsset, type PlantOrder } from './plant.ts';

const EPOCH_MS = Date.UTC(2025, 0, 1);
const PRIORITIES = ['low', 'medium', 'high', 'critical'] as const;

function pump(i: number): PlantAsset {
  return {
    key: `pump-${i}`,
    tag: `PU-${i}`,
    name: `Pump ${i}`,
    description: `Feed pump. S/N SYN-${i}`,
    type: 'Pump',
    location: 'Synthetic plant',
    manufacturer: 'Synthetic',
    model: 'P1',
    serial: `SYN-${i}`,
    purchased: '2024-01-01',
    status: 'active',
    criticality: 'medium',
    createdAt: EPOCH_MS - 86_400_000 + i * 1000,
  };
}

function order(i: number): PlantOrder {
  const createdAt = EPOCH_MS + i * 1000;
  return {
    title: `Synthetic order ${i + 1}`,
    description: 'Check, tighten and report. Made for measuring.',
    priority: PRIORITIES[i % PRIORITIES.length] ?? 'medium',
    status: 'open',
    assignee: null,
    asset: `pump-${(i % 10) + 1}`,
    createdAt,
    updatedAt: createdAt,
    dueAt: createdAt + (i % 365) * 86_400_000,
    completedAt: null,
    estimatedHours: 1 + (i % 4) / 2,
    actualHours: null,
    notes: null,
  };
}

export function syntheticPlant(count: number): Plant {
  return {
    ...EMPTY_PLANT,
    assets: Array.from({ length: 10 }, (_, i) => pump(i + 1)),
    orders: Array.from({ length: count }, (_, i) => order(i)),
  };
}
