/**
 * `npm run fields` writes docs/fields.md: every canonical field with its public name and its words, from the tables of
 * domain/entities. A test fails while the page says something else.
 */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { customFields, date, instant, reference } from '../domain/entities/field.ts';
import { ENTITIES, ENTITY_DEFINITIONS, type Entity } from '../domain/entities/index.ts';
import { publicFields, type PublicField } from '../domain/entities/public-fields.ts';

const SET_BY = { people: 'people', operation: 'an operation', systems: 'other systems' } as const;

export function fieldsPage(): string {
  return `# Canonical fields

Generated from the tables in \`domain/entities/\` by \`npm run fields\`. Mappings use the names of the first column, the API those of the second.
\`*\`: no record is without it. Set by: *people* in the body of POST and PATCH; *an operation* of its own, such as a move of the status; only *other systems*.

${ENTITIES.map((entity) => section(entity)).join('\n\n')}
`;
}

function section(entity: Entity): string {
  const { fields, numberPrefix, comments } = ENTITY_DEFINITIONS[entity];
  const rows = publicFields(entity).map((one) => {
    const { schema, needed } = fields[one.field] as (typeof fields)[string];
    const cells = [
      `\`${one.field}\`${needed ? ' *' : ''}`,
      `\`${one.name}\`${one.options.as === 'hours' ? ' (hours)' : ''}`,
      typeOf(schema),
      refersTo(one),
      SET_BY[one.options.setBy ?? 'people'],
      one.options.filter === true ? 'yes' : '',
      merged(one),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `## ${entity}

Numbers \`${numberPrefix}-000001\`${comments ? '; carries append-only comments' : ''}.

| field | in the API | holds | refers to | set by | filter | merged |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function refersTo({ options: { refers } }: PublicField): string {
  if (refers === undefined) return '';
  if (typeof refers === 'string') return refers;
  return Object.entries(refers)
    .map(([member, entity]) => `${entity} (\`[].${member}\`)`)
    .join(', ');
}

function merged({ options: { shape } }: PublicField): string {
  if (shape === undefined) return '';
  if (shape.kind === 'list') return `by element: ${shape.identity.map((name) => `\`${name}\``).join(', ')}`;
  return shape.kind === 'named' ? 'by name' : 'the newest reading';
}

function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodOptional) return typeOf(schema.unwrap() as z.ZodType);
  if (schema === instant) return 'instant';
  if (schema === date) return 'date';
  if (schema === reference) return 'reference';
  if (schema === customFields) return 'names to scalars';
  if (schema instanceof z.ZodEnum) return schema.options.map((word) => `\`${String(word)}\``).join(' ');
  if (schema instanceof z.ZodString)
    return schema.maxLength === null ? 'text' : `text, ${String(schema.maxLength)}`;
  if (schema instanceof z.ZodBoolean) return 'yes or no';
  if (schema instanceof z.ZodNumber)
    return schema.format?.includes('int') === true ? 'whole number' : 'number';
  if (schema instanceof z.ZodArray) return `list of ${typeOf(schema.element as z.ZodType)}`;
  if (schema instanceof z.ZodUnion) return schema.options.map((one) => typeOf(one as z.ZodType)).join(' or ');
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape).map(
      ([name, member]) => `${name}: ${typeOf(member as z.ZodType)}`,
    );
    return `{ ${members.join('; ')} }`;
  }
  throw new TypeError('A field of this type has no words on the page yet; say them in typeOf.');
}

if (import.meta.main) await writeFile(new URL('../docs/fields.md', import.meta.url), fieldsPage());
