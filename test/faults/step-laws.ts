/** Law 2 for lists: a step that somebody wrote or took away ends as it was said, or in a record of decisions. */
import { excused, type Evidence } from './evidence.ts';
import { hubsOf, isDeleted, isExcusedField, linkOfRow } from './laws.ts';
import type { StepSaid } from './persons.ts';
import { vendorOf } from './vendors/index.ts';
import { rowsOf, screenOf } from './screen-rows.ts';
import type { World } from './world.ts';

export function checkSteps(world: World, evidence: Evidence): string[] {
  const { steps, parted } = world.persons;
  const breaks: string[] = [];
  for (const [at, step] of steps.entries()) {
    if (isDeleted(world, step.key) && excused(evidence, 'deleted by somebody')) continue;
    if (parted.has(step.key) && excused(evidence, 'unlinked by somebody')) continue;
    const later = steps.slice(at + 1).filter(({ key }) => key === step.key);
    const inHub = hubsOf(evidence, 'work_order', step.key).flatMap(({ fields }) => titlesOf(fields['tasks']));
    if (step.said === null) {
      if (!inHub.includes(step.over ?? '')) continue;
      if (!isDecided(evidence, step))
        breaks.push(`2: "${String(step.over)}" of ${step.key}, taken away at ${step.side}, is still there`);
      continue;
    }
    const isReplaced = later.some(({ over }) => over === step.said);
    if (isReplaced || inHub.includes(step.said)) continue;
    if (isDecided(evidence, step) && excused(evidence, 'written down in a decision')) continue;
    breaks.push(
      `2: "${step.said}" of ${step.key}, a step written at ${step.side}, is nowhere; the hub has ${inHub.join(', ')}`,
    );
  }
  return [...breaks, ...checkStepsThere(world, evidence)];
}

/** Law 1 without the mappings: every system that has steps shows those of the hub. */
function checkStepsThere(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  const isSaid = (title: string): boolean => world.persons.steps.some(({ said }) => said === title);
  for (const key of new Set(world.persons.steps.map((step) => step.key))) {
    for (const [name, connection] of world.connections) {
      const words = vendorOf(connection.system).steps;
      const object = screenOf(connection, 'work_order')?.object;
      if (words === undefined || object === undefined) continue;
      if (!world.capability(connection, 'work_order').update) continue;
      for (const row of rowsOf(connection, 'work_order', key)) {
        const link = linkOfRow(evidence, connection, 'work_order', row);
        const hub = evidence.hubs.find(({ id }) => id === link?.hubId);
        if (link === undefined || hub === undefined || hub.deletedAt !== null) continue;
        // A system may keep a step of its own in every order, as SAP does with the order's title.
        const there = connection.sandbox.control.elements
          .of(object, String(row['id']), 'tasks')
          .map((element) => String(element[words.title]))
          .filter(isSaid);
        const ours = titlesOf(hub.fields['tasks']).filter(isSaid);
        const [more, fewer] = [
          ours.filter((one) => !there.includes(one)),
          there.filter((one) => !ours.includes(one)),
        ];
        if (more.length + fewer.length === 0) continue;
        if (isExcusedField(evidence, link, 'tasks')) continue;
        if (hasOpenConflict(evidence, link, 'tasks') && excused(evidence, 'open conflict')) continue;
        breaks.push(
          `1: steps of ${key}: only in the hub ${more.join(', ')}; only at ${name} ${fewer.join(', ')}`,
        );
      }
    }
  }
  return breaks;
}

function titlesOf(tasks: unknown): string[] {
  return Array.isArray(tasks) ? tasks.map((task: { title?: unknown }) => String(task.title)) : [];
}

function hasOpenConflict(
  evidence: Evidence,
  link: { connectionId: string; hubId: string },
  field: string,
): boolean {
  return evidence.conflicts.some(
    (row) =>
      row.connectionId === link.connectionId &&
      row.hubId === link.hubId &&
      row.field.startsWith(`${field}[`) &&
      row.resolvedAt === null,
  );
}

/** The words stand in a conflict, or in what waits in quarantine. They are unique. */
function isDecided(evidence: Evidence, { said, over }: StepSaid): boolean {
  const words = JSON.stringify(said ?? over);
  return (
    evidence.conflicts.some((row) => JSON.stringify([row.hubValue, row.externalValue]).includes(words)) ||
    evidence.quarantine.some((row) => JSON.stringify(row.data).includes(words))
  );
}
