/** Bodies: JSON or a form (contract 1). */
import type { SandboxRequest } from '../../kit/sandbox/index.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';

function fromForm(text: string): Values {
  const form = new URLSearchParams(text);
  const values: Values = {};
  for (const key of new Set(form.keys())) {
    const all = form.getAll(key);
    const isList = key.endsWith('[]') || all.length > 1;
    values[key.replace(/\[\]$/, '')] = isList ? all : all[0];
  }
  return values;
}

export function readBodyValues(request: SandboxRequest): Values {
  if (request.body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (type.includes('x-www-form-urlencoded')) return fromForm(request.body.toString('utf8'));
  let value: unknown;
  try {
    value = request.json();
  } catch {
    throw new ApiError(400, 'body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError(400, 'body must be an object');
  }
  return value as Values;
}
