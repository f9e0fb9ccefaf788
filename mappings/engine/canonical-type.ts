/** What a canonical field holds, read off the entity's zod schema once, so that rules need not repeat it. */
import { z } from 'zod';
import { comment, ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { date, instant } from '../../domain/entities/field.ts';
import { pathSteps, pathText } from '../../domain/path.ts';

export type CanonicalType =
  | { kind: 'text' | 'instant' | 'date' | 'integer' | 'number' | 'boolean' | 'json' }
  | { kind: 'enum'; values: readonly string[] }
  | { kind: 'list'; item: CanonicalType }
  | { kind: 'object'; members: ReadonlyMap<string, CanonicalMember> }
  /** Free names to scalars (`customFields`). */
  | { kind: 'record' };

export interface CanonicalMember {
  type: CanonicalType;
  required: boolean;
}

/** The fields of an entity, without comments. */
export function canonicalMembers(entity: Entity): ReadonlyMap<string, CanonicalMember> {
  return membersOf(ENTITY_DEFINITIONS[entity].schema);
}

export const COMMENT_TYPE: CanonicalType = {
  kind: 'list',
  item: { kind: 'object', members: membersOf(comment) },
};

/** The type at a dotted path such as `lastReading.value`; undefined when there is no such field. */
export function typeAt(
  members: ReadonlyMap<string, CanonicalMember>,
  path: string,
): CanonicalType | undefined {
  const [head = '', ...rest] = pathSteps(path);
  const type = members.get(head)?.type;
  if (!type || rest.length === 0) return type;
  if (type.kind === 'object') return typeAt(type.members, pathText(rest));
  return type.kind === 'record' ? { kind: 'json' } : undefined;
}

function membersOf(schema: z.ZodObject): ReadonlyMap<string, CanonicalMember> {
  return new Map(
    Object.entries(schema.shape).map(([name, member]) => [
      name,
      { type: typeOf(member), required: !(member instanceof z.ZodOptional) },
    ]),
  );
}

function typeOf(schema: unknown): CanonicalType {
  if (schema instanceof z.ZodOptional) return typeOf(schema.unwrap());
  if (schema === instant) return { kind: 'instant' };
  if (schema === date) return { kind: 'date' };
  if (schema instanceof z.ZodEnum) return { kind: 'enum', values: schema.options.map(String) };
  if (schema instanceof z.ZodArray) return { kind: 'list', item: typeOf(schema.element) };
  if (schema instanceof z.ZodObject) return { kind: 'object', members: membersOf(schema) };
  if (schema instanceof z.ZodRecord) return { kind: 'record' };
  if (schema instanceof z.ZodBoolean) return { kind: 'boolean' };
  if (schema instanceof z.ZodString) return { kind: 'text' };
  if (schema instanceof z.ZodNumber)
    return { kind: schema.format?.includes('int') === true ? 'integer' : 'number' };
  return { kind: 'json' };
}
