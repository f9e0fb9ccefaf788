/** How the merge looks into the fields of a mapping: as the field table says, unless a rule names another `identity`. */
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import type { FieldShape, FieldShapes } from '../../domain/entities/field-shape.ts';
import type { CanonicalMember } from './canonical-type.ts';
import type { PlaceOf } from './pull.ts';
import { refuse } from './run.ts';
import type { MappingFile } from './source.ts';

/** `identity: []` says that this vendor's elements cannot be told apart: the list is one value there. */
export function shapesOf(
  mapping: MappingFile,
  members: ReadonlyMap<string, CanonicalMember>,
  placeOf: PlaceOf,
): FieldShapes {
  const shapes = new Map<string, FieldShape>(Object.entries(ENTITY_DEFINITIONS[mapping.entity].shapes));
  for (const [field, { identity }] of Object.entries(mapping.pull)) {
    if (identity === undefined) continue;
    const place = placeOf(['pull', field, 'identity']);
    const type = members.get(field)?.type;
    const item = type?.kind === 'list' && type.item.kind === 'object' ? type.item : null;
    if (item === null) return refuse(place, `\`${field}\` is no list of objects, so it has no \`identity\``);
    for (const name of identity)
      if (!item.members.has(name)) refuse(place, `there is no canonical member \`${name}\` here`);
    if (identity.length === 0) shapes.delete(field);
    else shapes.set(field, { kind: 'list', identity });
  }
  return Object.fromEntries(shapes);
}
