/** The entries of a 422 answer, in the words of Pydantic 2 and, for older servers, of Pydantic 1 (contract 4.7). */

export interface Issue {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: Record<string, unknown>;
}

type Old = { type: string; msg: string; ctx?: Record<string, unknown> };

function limit(issue: Issue): unknown {
  return Object.values(issue.ctx ?? {})[0];
}

function inOldWords(issue: Issue): Old {
  const limitValue = limit(issue);
  switch (issue.type) {
    case 'missing':
      return { type: 'value_error.missing', msg: 'field required' };
    case 'json_invalid':
      return { type: 'value_error.jsondecode', msg: 'Expecting value: line 1 column 1 (char 0)' };
    case 'string_too_short':
      return {
        type: 'value_error.any_str.min_length',
        msg: `ensure this value has at least ${String(limitValue)} characters`,
        ctx: { limit_value: limitValue },
      };
    case 'string_too_long':
      return {
        type: 'value_error.any_str.max_length',
        msg: `ensure this value has at most ${String(limitValue)} characters`,
        ctx: { limit_value: limitValue },
      };
    case 'string_pattern_mismatch':
      return {
        type: 'value_error.str.regex',
        msg: `string does not match regex "${String(limitValue)}"`,
        ctx: { pattern: limitValue },
      };
    case 'greater_than_equal':
    case 'less_than_equal': {
      const sign = issue.type === 'less_than_equal' ? 'le' : 'ge';
      const word = sign === 'le' ? 'less' : 'greater';
      return {
        type: `value_error.number.not_${sign}`,
        msg: `ensure this value is ${word} than or equal to ${String(limitValue)}`,
        ctx: { limit_value: limitValue },
      };
    }
    default:
      return oldTypeError(issue);
  }
}

function oldTypeError(issue: Issue): Old {
  if (issue.input === null) {
    return { type: 'type_error.none.not_allowed', msg: 'none is not an allowed value' };
  }
  if (issue.type.startsWith('int_'))
    return { type: 'type_error.integer', msg: 'value is not a valid integer' };
  if (issue.type.startsWith('float_')) return { type: 'type_error.float', msg: 'value is not a valid float' };
  if (issue.type.startsWith('datetime_'))
    return { type: 'value_error.datetime', msg: 'invalid datetime format' };
  if (issue.type.startsWith('bool_')) {
    return { type: 'value_error.bool', msg: 'value could not be parsed to a boolean' };
  }
  if (issue.type === 'string_type') return { type: 'type_error.str', msg: 'str type expected' };
  return { type: 'type_error.dict', msg: 'value is not a valid dict' };
}

export function issuesAnswer(issues: readonly Issue[], pydantic: 1 | 2): object {
  if (pydantic === 2) return { detail: issues };
  return { detail: issues.map((issue) => ({ loc: issue.loc, ...inOldWords(issue) })) };
}
