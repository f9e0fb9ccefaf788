/** What a look at one entity found, before anything is synchronised. */
import type { Entity } from '../../domain/entities/index.ts';

/** Counts of records, unless said otherwise. */
export interface EntityLook {
  entity: Entity;
  read: number;
  /** False when the system has more than were read, or said that it may have missed some. */
  complete: boolean;
  /** Why the system does not have the entity at all. */
  absent: string | null;
  /** Would go to quarantine. */
  unmapped: number;
  /** Known as the same thing before. */
  linked: number;
  /** Recognised as a hub record by the match rules. */
  matched: number;
  /** A person would be asked which hub record it is. */
  reviews: number;
  /** Fields that both have with different values, where the policy asks a person. */
  conflicts: number;
  hub: { creates: number; updates: number };
  /** What would be written to the system; creates beyond the bound are asked about first. */
  system: { creates: number; updates: number };
}
