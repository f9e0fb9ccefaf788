import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { fieldsPage } from './fields-page.ts';

it('docs/fields.md says what the tables say (`npm run fields` writes it)', () => {
  expect(readFileSync(new URL('../docs/fields.md', import.meta.url), 'utf8')).toBe(fieldsPage());
});
