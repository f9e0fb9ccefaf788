/** What the tests of assets, plain records and files read in answers: the envelope's keys with their shapes. */
import type { z } from 'zod';
import type { alert, asset, assetLocation, assessment, performance } from '../assets/shapes.ts';
import type { attachment } from '../files/shapes.ts';
import type { reading } from '../meters/shapes.ts';
import type { part } from '../parts/parts.ts';
import type { request } from '../requests/requests.ts';

export interface TreeNode {
  name: string;
  children: TreeNode[];
}

/** A plain record of any kind, under public names. */
export type Shown = Record<string, unknown> & { id: string; number: string };

export interface AnswerBody {
  asset: z.output<typeof asset>;
  assets: z.output<typeof asset>[];
  /** Of an asset; of a location's own record only the fields of every record are read. */
  location: z.output<typeof assetLocation> & { number: string };
  location_id: string;
  locations: (z.output<typeof assetLocation> & TreeNode)[];
  condition: z.output<typeof assessment>;
  conditions: z.output<typeof assessment>[];
  performance: z.output<typeof performance>;
  performance_data: z.output<typeof performance>[];
  alert: z.output<typeof alert>;
  alerts: z.output<typeof alert>[];
  statistics: Record<string, number>;
  meter: Shown & { last_reading: { value: number | string; at: string } | null };
  meters: Shown[];
  readings: z.output<typeof reading>[];
  accepted: number;
  duplicates: number;
  part: z.output<typeof part>;
  part_id: string;
  person_id: string;
  request: z.output<typeof request>;
  request_id: string;
  attachment: z.output<typeof attachment>;
  attachment_id: string;
  attachments: z.output<typeof attachment>[];
  work_order_id: string;
  entries: unknown[];
  count: number;
  next_cursor: string | null;
  /** Of a problem. */
  detail: string;
  errors?: { field: string; message: string; allowed?: string[] }[];
}

/** The record, or the records, of a kind that is not known before. */
export function shownOf(body: AnswerBody, noun: string): Shown {
  return (body as unknown as Record<string, Shown>)[noun] as Shown;
}
export function listOf(body: AnswerBody, plural: string): Shown[] {
  return (body as unknown as Record<string, Shown[]>)[plural] as Shown[];
}
