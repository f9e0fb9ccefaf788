/**
 * Rows that hang on a work order (contract 3.2, 3.3), as the requests that bring them from what is there to what is wanted.
 * The hub knows one asset, one location and one assignee: the first row. Fiix keeps the order of ids, and link rows are
 * added and removed, not changed (6.1). Pure.
 */
import type { JsonObject } from '../../domain/json.ts';
import { add, change, idOf, intOf, joinText, remove, textOf } from './wire.ts';
import type { Request } from './wire.ts';

export interface LinkClass {
  className: 'WorkOrderAsset' | 'WorkOrderUser';
  field: 'intAssetID' | 'intUserID';
}
export const ASSET_LINK: LinkClass = { className: 'WorkOrderAsset', field: 'intAssetID' };
export const USER_LINK: LinkClass = { className: 'WorkOrderUser', field: 'intUserID' };

/** `current`: the rows of one kind in the order of their ids. Only the first gives way; the others stay, behind the new one. */
export function replaceFirst(
  { className, field }: LinkClass,
  orderId: number,
  current: readonly JsonObject[],
  wanted: number | null,
): Request[] {
  const [first, ...others] = current;
  if (first === undefined) return wanted === null ? [] : [link(wanted)];
  if (intOf(first[field]) === wanted) return [];
  const gone = remove(className, idOf(first));
  if (wanted === null || intOf(others[0]?.[field]) === wanted) return [gone];
  const behind = others.filter((row) => intOf(row[field]) !== wanted);
  return [
    gone,
    ...others.map((row) => remove(className, idOf(row))),
    link(wanted),
    ...behind.map((row) => link(intOf(row[field]) ?? 0)),
  ];

  function link(target: number): Request {
    return add(className, { intWorkOrderID: orderId, [field]: target });
  }
}

export interface WantedTask {
  sequence: number;
  title: string;
  details?: string | null;
  completed?: boolean;
  dblTimeEstimatedHours?: number | null;
}

/**
 * Tasks are recognised by their number. One that is not wanted any more is removed unless somebody has worked on it: what
 * was done stays on record. `done` is stamped on tasks that become completed (contract 3.3: both fields together).
 */
export function taskRequests(
  orderId: number,
  current: readonly JsonObject[],
  wanted: readonly WantedTask[],
  done: { at: number; by: number | null },
): Request[] {
  const bySequence = new Map(current.map((task) => [intOf(task['sequence']), task]));
  const requests = wanted.flatMap((task): Request[] => {
    const there = bySequence.get(task.sequence);
    bySequence.delete(task.sequence);
    const fields = taskFields(task, there, done);
    if (there === undefined) {
      return [
        add('WorkOrderTask', { intWorkOrderID: orderId, intTaskType: 0, intOrder: task.sequence, ...fields }),
      ];
    }
    const changed = Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => (there[name] ?? null) !== value),
    );
    return Object.keys(changed).length === 0 ? [] : [change('WorkOrderTask', idOf(there), changed)];
  });
  const untouched = [...bySequence.values()].filter((task) => !wasWorkedOn(task));
  return [...requests, ...untouched.map((task) => remove('WorkOrderTask', idOf(task)))];
}

function taskFields(
  task: WantedTask,
  there: JsonObject | undefined,
  done: { at: number; by: number | null },
): JsonObject {
  const completed = there?.['dtmDateCompleted'] !== undefined;
  const stamps: JsonObject = {};
  if (task.completed === true && !completed) {
    stamps['dtmDateCompleted'] = done.at;
    const by = intOf(there?.['intAssignedToUserID']) ?? done.by;
    if (by !== null) stamps['intCompletedByUserID'] = by;
  } else if (task.completed === false && completed) {
    stamps['dtmDateCompleted'] = null;
    stamps['intCompletedByUserID'] = null;
  }
  const known = there === undefined ? '' : textOf(there['details']);
  return {
    strDescription: joinText(task.title, task.details === undefined ? known : task.details),
    ...(task.dblTimeEstimatedHours === undefined
      ? {}
      : { dblTimeEstimatedHours: task.dblTimeEstimatedHours }),
    ...stamps,
  };
}

function wasWorkedOn(task: JsonObject): boolean {
  return (
    task['dtmDateCompleted'] !== undefined ||
    task['strResult'] !== undefined ||
    task['strTaskNotesCompletion'] !== undefined ||
    Number(task['dblTimeSpentHours'] ?? 0) > 0
  );
}
