/** What the tests of work orders, maintenance, templates and calendars read in answers: the envelope's keys with their shapes. */
import type { z } from 'zod';
import type { calendar } from '../calendars/shapes.ts';
import type { historyEntry } from '../maintenance/list-history.ts';
import type { schedule, task } from '../maintenance/shapes.ts';
import type { template } from '../templates/shapes.ts';
import type { comment } from './comment-shapes.ts';
import type { labour, part, step, workOrder } from './shapes.ts';

export interface AnswerBody {
  work_order_id: string;
  work_order_number: string;
  work_order: z.output<typeof workOrder>;
  work_orders: z.output<typeof workOrder>[];
  step: z.output<typeof step>;
  part: z.output<typeof part>;
  labour: z.output<typeof labour>;
  comment: z.output<typeof comment>;
  comments: z.output<typeof comment>[];
  template_id: string;
  template: z.output<typeof template>;
  templates: z.output<typeof template>[];
  calendar_id: string;
  calendar: z.output<typeof calendar>;
  calendars: z.output<typeof calendar>[];
  schedule_id: string;
  schedule: z.output<typeof schedule>;
  schedules: z.output<typeof schedule>[];
  task_id: string;
  task: z.output<typeof task>;
  tasks: z.output<typeof task>[];
  history: z.output<typeof historyEntry>[];
  statistics: Record<string, number>;
  new_tasks_count: number;
  schedules_served: number;
  more: boolean;
  count: number;
  next_cursor: string | null;
  /** Of a problem. */
  detail: string;
  errors: { field: string; message: string; allowed?: string[] }[];
}
