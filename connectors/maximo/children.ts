/**
 * Child rows of a work order that a payload asks for, as the rows still to be written: tasks, comments, labour and parts.
 * Pure. Bookings are posted transactions that can only be added or returned (contract 7.16), so what is asked is
 * compared with what is there.
 */
import { stripHtml } from '../../domain/html/html.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { NewComment } from '../kit/contract.ts';
import { rowsOf } from './record.ts';
import { epochOf, vendorInstant } from './where.ts';
import { textOf } from './wire.ts';

const SUMMARY_CHARS = 100;

export function listOf(value: Json | undefined, name: string): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return rowsOf(value);
  throw new Failure('rejected', `"${name}" must be a list of rows; correct its push rule.`, { path: name });
}

/**
 * Tasks are matched by their sequence and named by their own number, which is their key (contract 4.3). One that is not asked for
 * any more is deleted; Maximo refuses that for work that has begun. Tasks without a sequence are nobody's but Maximo's.
 */
export function taskRows(current: JsonObject, asked: readonly JsonObject[]): JsonObject[] {
  const known = new Map(
    rowsOf(current.woactivity).flatMap((task) =>
      typeof task.taskid === 'number' ? [[task.taskid as Json, task] as const] : [],
    ),
  );
  const wanted = asked.flatMap((row) => {
    const task = known.get(row.taskid ?? null);
    known.delete(row.taskid ?? null);
    if (task === undefined) return [row];
    const changes = Object.entries(row).filter(([name, value]) => name !== 'taskid' && task[name] !== value);
    if (changes.length === 0) return [];
    return [{ ...keyOf(task), ...Object.fromEntries(changes) }];
  });
  const gone = [...known.values()].map((task) => ({ ...keyOf(task), _action: 'Delete' }));
  return [...wanted, ...gone];
}

function keyOf(task: JsonObject): JsonObject {
  return { taskid: task.taskid ?? null, ...(typeof task.wonum === 'string' ? { wonum: task.wonum } : {}) };
}

/** A worklog row: people see the first line, the whole text is the long description. */
export function commentRow(comment: NewComment): JsonObject {
  const [first = ''] = comment.text.trim().split(/\r?\n/);
  return {
    description: cutText(first, SUMMARY_CHARS),
    description_longdescription: markup(comment.text),
    logtype: 'CLIENTNOTE',
  };
}

/** Long descriptions are shown as HTML (contract 7.19): text that could be read as markup is escaped. */
function markup(text: string): string {
  if (!/[<&]/.test(text)) return text;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/\r?\n/g, '<br />');
}

/** Text as people read it, without Maximo's markup and with single spaces: for comparing, not for showing. */
function plain(text: string): string {
  return stripHtml(text).replaceAll(/\s+/g, ' ').trim();
}

/** Which worklog rows hold these comments: comment key to worklog id. No row serves two comments. */
export function findComments(
  record: JsonObject,
  comments: readonly NewComment[],
  taken: Iterable<string>,
): Map<string, string> {
  const free = rowsOf(record.worklog).filter((row) => !new Set(taken).has(textOf(row.worklogid)));
  const found = new Map<string, string>();
  for (const comment of comments) {
    const at = free.findIndex((row) => {
      const long = row.description_longdescription ?? row.description;
      return typeof long === 'string' && plain(long) === plain(markup(comment.text));
    });
    if (at < 0) continue;
    found.set(comment.key, textOf(free[at]?.worklogid));
    free.splice(at, 1);
  }
  return found;
}

function minutesOf(hours: Json | undefined): number {
  return Math.round(Number(hours ?? 0) * 60);
}

function labourId(laborcode: string, minutes: number, start: Json | undefined): string {
  const epoch = typeof start === 'string' ? epochOf(start) : Number.NaN;
  return `${laborcode}|${minutes}|${Number.isNaN(epoch) ? '' : Math.floor(epoch / 1_000)}`;
}

/** Who a row of labour is for: a person's id or a laborcode. */
export function workerOf(row: JsonObject): string {
  return textOf(row.laborcode ?? row.personid);
}

/** Bookings of labour not there yet, by who, start and duration; several equal ones count. */
export function labourRows(
  current: JsonObject,
  asked: readonly JsonObject[],
  laborOf: (worker: string) => string = (worker) => worker,
): JsonObject[] {
  const present = new Map<string, number>();
  const count = (id: string, by: number): void => void present.set(id, (present.get(id) ?? 0) + by);
  for (const row of rowsOf(current.labtrans)) {
    const code = textOf(row.laborcode);
    count(labourId(code, minutesOf(row.regularhrs), row.startdatetime), 1);
  }
  return asked.flatMap((row) => {
    const code = laborOf(workerOf(row));
    const minutes = typeof row.minutes === 'number' ? Math.round(row.minutes) : minutesOf(row.regularhrs);
    if (code === '' || minutes <= 0) {
      throw new Failure(
        'rejected',
        'Each row of labour needs a laborcode (or personid) and minutes above zero; correct its push rule.',
        { path: 'labour' },
      );
    }
    const id = labourId(code, minutes, row.startdatetime);
    if ((present.get(id) ?? 0) > 0) {
      count(id, -1);
      return [];
    }
    const start = typeof row.startdatetime === 'string' ? epochOf(row.startdatetime) : Number.NaN;
    const begun = Number.isNaN(start) ? {} : { startdatetime: vendorInstant(start) };
    return [{ laborcode: code, regularhrs: Math.round((minutes / 60) * 10_000) / 10_000, ...begun }];
  });
}

/** Quantity in use by item: issues minus returns. Issues are stored negative, returns positive (contract 2.3). */
export function partsUsed(current: JsonObject): Map<string, number> {
  const used = new Map<string, number>();
  for (const row of rowsOf(current.matusetrans)) {
    if (typeof row.itemnum !== 'string') continue;
    const quantity = Math.abs(Number(row.quantity ?? 0)) * (row.issuetype === 'RETURN' ? -1 : 1);
    used.set(row.itemnum, rounded((used.get(row.itemnum) ?? 0) + quantity));
  }
  return used;
}

/** What the list asks for, by item. Every item in use that it does not name is to be returned. */
export function partsWanted(current: JsonObject, asked: readonly JsonObject[]): Map<string, number> {
  const wanted = new Map<string, number>([...partsUsed(current).keys()].map((item) => [item, 0]));
  for (const row of asked) {
    if (typeof row.itemnum !== 'string' || typeof row.quantity !== 'number' || row.quantity < 0) {
      throw new Failure(
        'rejected',
        'Each row of parts needs an itemnum and a quantity that is not negative; correct its push rule.',
        { path: 'parts' },
      );
    }
    wanted.set(row.itemnum, rounded((wanted.get(row.itemnum) ?? 0) + row.quantity));
  }
  return wanted;
}

export interface StoreChoice {
  /** Storeroom to issue from when the order has none for the item yet. */
  storeOf(itemnum: string): string | null;
}

/** Issue and return rows that bring what is used to what is wanted. */
export function partRows(
  current: JsonObject,
  asked: readonly JsonObject[],
  stores: StoreChoice,
): JsonObject[] {
  const used = partsUsed(current);
  return [...partsWanted(current, asked)].flatMap(([itemnum, quantity]) => {
    const delta = rounded(quantity - (used.get(itemnum) ?? 0));
    if (delta === 0) return [];
    const named = asked.find((row) => row.itemnum === itemnum)?.storeloc;
    const earlier = rowsOf(current.matusetrans).findLast((row) => row.itemnum === itemnum)?.storeloc;
    const storeloc = [named, earlier, stores.storeOf(itemnum)].find(
      (store): store is string => typeof store === 'string' && store !== '',
    );
    return [
      {
        itemnum,
        quantity: Math.abs(delta),
        issuetype: delta > 0 ? 'ISSUE' : 'RETURN',
        ...(storeloc === undefined ? {} : { storeloc }),
      },
    ];
  });
}

function rounded(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6;
}
