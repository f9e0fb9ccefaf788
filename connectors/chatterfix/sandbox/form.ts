/** A form of either content type: plain fields and files by their names. */
import { readMultipart, type Part, type SandboxRequest } from '../../kit/sandbox/index.ts';

export interface Form {
  fields: Record<string, string>;
  files: Record<string, Part & { fileName: string }>;
}

/** An empty one when the body is no form. */
export function readForm(request: SandboxRequest): Form {
  if (/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')) {
    return { fields: Object.fromEntries(new URLSearchParams(request.body.toString('utf8'))), files: {} };
  }
  const form: Form = { fields: {}, files: {} };
  for (const part of readMultipart(request) ?? []) {
    const { name, fileName, bytes } = part;
    if (fileName === null) form.fields[name] = bytes.toString('utf8');
    else form.files[name] = { ...part, fileName };
  }
  return form;
}
