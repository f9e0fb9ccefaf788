/** The schema has the last word over what the rules of a pull produced: the entity's, and the one of comments. */
import type { z } from 'zod';
import { comment } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { compileAccepts } from './accepts.ts';
import { compilePath } from './access.ts';
import type { FieldProblem, MappedCommentLike, PullResult } from './format.ts';
import { pathText } from '../../domain/path.ts';
import type { PlaceOf } from './pull.ts';
import { shown } from './run.ts';

export const COMMENTS = 'comments';

export type Validate = (
  fields: JsonObject,
  comments: Json | undefined,
  problems: FieldProblem[],
) => PullResult;

/** `sure`: fields whose rules cannot give what the schema refuses. */
export function compileValidation(
  schema: z.ZodObject,
  placeOf: PlaceOf,
  sure: ReadonlySet<string>,
): Validate {
  const list = comment.array();
  const [acceptsFields, acceptsComments] = [compileAccepts(schema, sure), compileAccepts(list)];
  const commentsOf = (given: Json | undefined, problems: FieldProblem[]): MappedCommentLike[] => {
    if (given === undefined) return [];
    if (acceptsComments(given)) return given as unknown as MappedCommentLike[];
    const checked = list.safeParse(given);
    if (checked.success) return checked.data;
    problems.push(...issueProblems(checked.error, given, [COMMENTS], placeOf));
    return [];
  };
  return (fields, given, problems) => {
    const comments = commentsOf(given, problems);
    if (problems.length > 0) return { ok: false, problems, partial: fields };
    if (acceptsFields(fields)) return { ok: true, fields, comments };
    const checked = schema.safeParse(fields);
    if (checked.success) return { ok: true, fields, comments };
    return { ok: false, problems: issueProblems(checked.error, fields, [], placeOf), partial: fields };
  };
}

function issueProblems(error: z.ZodError, root: Json, prefix: string[], placeOf: PlaceOf): FieldProblem[] {
  return error.issues.map((issue) => {
    const inner = issue.path.map(String);
    const value = inner.length === 0 ? root : compilePath(pathText(inner))(root, {});
    const parts = [...prefix, ...inner];
    const path = parts
      .map((part, index) =>
        index > 0 && /^\d+$/.test(part) ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`,
      )
      .join('');
    const what = value === undefined ? 'is missing' : `became ${shown(value)}`;
    return {
      path,
      message: `\`${path}\` ${what}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}.`,
      rule: placeOf(['pull', ...parts.slice(0, 1)]).rule,
    };
  });
}
