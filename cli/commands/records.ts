/** Commands over single hub records: show, set, comment, explain. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { explainRecord, type Explanation } from '../../plant/records/explain-record.ts';
import {
  addComment,
  deleteRecordByNumber,
  readFieldText,
  restoreRecord,
  setRecordFields,
} from '../../plant/records/records.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { decide, json, look, shown, type OutputOptions } from '../person.ts';

export function addRecordCommands(records: Command): void {
  records
    .command('show')
    .argument('<number>', 'e.g. WO-000123')
    .addOption(json())
    .description('its fields, and what it is called elsewhere')
    .action((number: string, options: OutputOptions) =>
      look(
        options,
        (deps) => explainRecord(deps, number),
        (record) => [headLine(record), ...fieldLines(record), ...linkLines(record), ...commentLines(record)],
      ),
    );
  records
    .command('set')
    .argument('<number>')
    .argument('<field=value...>', 'an empty value clears; lists and objects as JSON; references by number')
    .addOption(json())
    .description('edits fields as a person of the plant; every system follows')
    .action((number: string, pairs: string[], options: OutputOptions) =>
      decide(
        options,
        (deps) => setRecordFields(deps, { number, fields: (entity) => readPairs(entity, pairs) }),
        (done) =>
          Object.keys(done.changed).length === 0
            ? [`${done.number} has these values already.`]
            : Object.entries(done.changed).map(
                ([field, { before, after }]) =>
                  `${done.number} ${field}: ${shown(before)} -> ${shown(after)}`,
              ),
      ),
    );
  records
    .command('delete')
    .argument('<number>')
    .addOption(json())
    .description('deletes it; each system follows by the policy of its connection')
    .action((number: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => deleteRecordByNumber(deps, { number }),
        (done) => [`${done.number} is deleted.`],
      ),
    );
  records
    .command('restore')
    .argument('<number>')
    .addOption(json())
    .description('brings a deleted record back, also where it was taken out of use')
    .action((number: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => restoreRecord(deps, { number }),
        (done) => [`${done.number} is back.`],
      ),
    );
}

export function addCommentCommands(comments: Command): void {
  comments
    .command('add')
    .argument('<number>')
    .argument('<text>')
    .option('--author <name>', 'who says it', userInfo().username)
    .addOption(json())
    .description('adds a comment, which travels to every system that takes them')
    .action((number: string, text: string, options: OutputOptions & { author: string }) =>
      decide(
        options,
        (deps) => addComment(deps, { number, text, author: options.author }),
        (done) => [`${done.number} has the comment.`],
      ),
    );
}

export function addExplainCommand(explain: Command): void {
  explain
    .argument('<number>', 'e.g. WO-000123')
    .addOption(json())
    .action((number: string, options: OutputOptions) =>
      look(options, (deps) => explainRecord(deps, number), explanationLines),
    );
}

function readPairs(entity: Entity, pairs: readonly string[]): JsonObject {
  const fields: JsonObject = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new Failure('invalid_request', `"${pair}" is not field=value.`);
    const field = pair.slice(0, at);
    fields[field] = readFieldText(entity, field, pair.slice(at + 1));
  }
  return fields;
}

function headLine(record: Explanation): string {
  const deleted = record.deletedAt === null ? '' : `  deleted ${record.deletedAt}`;
  return `${record.number}  ${record.entity}  version ${String(record.version)}${deleted}`;
}

function fieldLines(record: Explanation): string[] {
  return record.fields.flatMap(({ field, value }) =>
    value === null ? [] : [`  ${field}: ${readable(record, value)}`],
  );
}

function linkLines(record: Explanation): string[] {
  return record.links.map((link) => {
    const number = link.externalNumber === null ? '' : ` (${link.externalNumber})`;
    return `  ${link.connection}: ${link.externalId}${number}${link.goneAt === null ? '' : `, gone since ${link.goneAt.toISOString()}`}`;
  });
}

function commentLines(record: Explanation): string[] {
  return record.comments.map(
    (comment) => `  ${comment.at.toISOString()} ${comment.author ?? '?'}: ${shown(comment.text)}`,
  );
}

/** A reference as the number and name people know. */
function readable(record: Explanation, value: Json): string {
  const named = typeof value === 'string' ? record.names[value] : undefined;
  return named === undefined ? shown(value) : `${named.number} ${named.name ?? ''}`.trimEnd();
}

function explanationLines(record: Explanation): string[] {
  const lines = [headLine(record), ...linkLines(record), ''];
  for (const explained of record.fields) {
    lines.push(`${explained.field}: ${readable(record, explained.value)}`);
    lines.push(`  ${explained.origin}; newest: ${explained.newest}`);
    for (const view of explained.views) {
      const agreed = `${view.connection} shows ${readable(record, view.external)}`;
      if (view.held !== null) lines.push(`  ${view.connection}: held. ${view.held}`);
      else if (view.state !== 'agreed')
        lines.push(`  ${agreed}: ${STATES[view.state]} (agreed before on ${readable(record, view.base)})`);
      else if (explained.value !== null || view.external !== null) lines.push(`  ${agreed}: agreed`);
    }
    for (const conflict of explained.conflicts) {
      const end =
        conflict.resolvedAt === null
          ? 'open'
          : `${conflict.winner ?? '?'} won, by ${conflict.resolvedBy ?? '?'}`;
      lines.push(
        `  conflict with ${conflict.connection} since ${conflict.since.toISOString()}: hub ${readable(record, conflict.hubValue)}, ${conflict.connection} ${readable(record, conflict.externalValue)}; ${end}`,
      );
    }
  }
  lines.push('', ...commentLines(record));
  for (const push of record.pushes) {
    lines.push(
      `push to ${push.connection} ${push.waitsFor === null ? 'is due' : `waits for ${push.waitsFor}`}`,
    );
  }
  for (const entry of record.log) {
    lines.push(
      `${entry.at.toISOString()}  ${entry.connection ?? '(removed)'}  ${entry.direction}  ${entry.action}${entry.decisions === null ? '' : `  ${shown(entry.decisions)}`}`,
    );
  }
  for (const entry of record.audit) {
    lines.push(
      `${entry.at}  ${entry.actor}  ${entry.action}  ${shown(entry.before)} -> ${shown(entry.after)}`,
    );
  }
  return lines;
}

const STATES = {
  push_due: 'the hub changed since, a push is due',
  not_written: 'nothing is written there',
  conflict: 'a person has to decide',
  held: 'the field waits',
} as const;
