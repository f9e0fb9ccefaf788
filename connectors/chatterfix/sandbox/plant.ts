/** What the company of a seed has, before any generation of ChatterFix writes it into its own columns. */

export interface PlantPerson {
  username: string;
  fullName: string;
  email: string;
  role: string;
}

export interface PlantAsset {
  /** Of this seed only. */
  key: string;
  tag: string;
  name: string;
  description: string;
  type: string;
  /** Places are text in ChatterFix: `Pit Mine / North Pit`. */
  location: string;
  manufacturer: string | null;
  model: string | null;
  serial: string | null;
  /** `2001-01-01`. */
  purchased: string | null;
  status: string;
  criticality: string;
  createdAt: number;
}

export interface PlantPart {
  number: string;
  name: string;
  description: string;
  category: string;
  quantity: number;
  min: number;
  max: number;
  cost: number;
  supplier: string;
  location: string;
  createdAt: number;
}

export interface PlantPlan {
  asset: string;
  title: string;
  description: string;
  every: number;
  unit: 'days' | 'weeks' | 'months' | 'years';
  lastAt: number | null;
  nextAt: number;
  priority: string;
  hours: number;
  createdAt: number;
}

export interface PlantOrder {
  title: string;
  description: string;
  priority: string;
  status: string;
  /** A username. */
  assignee: string | null;
  asset: string | null;
  createdAt: number;
  updatedAt: number;
  dueAt: number | null;
  completedAt: number | null;
  estimatedHours: number | null;
  actualHours: number | null;
  notes: string | null;
}

export interface Plant {
  people: readonly PlantPerson[];
  assets: readonly PlantAsset[];
  parts: readonly PlantPart[];
  plans: readonly PlantPlan[];
  orders: readonly PlantOrder[];
}

/** A fresh installation has one user and nothing else. */
export const EMPTY_PLANT: Plant = {
  people: [{ username: 'admin', fullName: 'Administrator', email: 'admin@pitmine.example', role: 'admin' }],
  assets: [],
  parts: [],
  plans: [],
  orders: [],
};
