/**
 * The type check of a mapping against both sides: the canonical schema (already part of compiling) and the vendor's
 * schema, the one that ships and what the connection's system was seen to hold. Pure: texts in, findings out.
 */
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { canonicalMembers, COMMENT_TYPE } from './canonical-type.ts';
import { checkPull } from './check-pull.ts';
import { checkPush } from './check-push.ts';
import { withDiscovered, type Discovered } from './discovered-schema.ts';
import { found, type Check, type Finding } from './findings.ts';
import { readMapping, type MappingText } from './source.ts';
import { attributeAt, type VendorSchema } from './vendor-schema.ts';

export type { Finding } from './findings.ts';

export function checkAgainstVendor(
  text: MappingText,
  shipped: VendorSchema,
  discovered: Discovered | null = null,
): Finding[] {
  const { mapping, source } = readMapping(text);
  const vendor = withDiscovered(shipped, discovered);
  const check: Check = { source, findings: [], own: vendor.own, discovered: discovered !== null };
  const members = canonicalMembers(mapping.entity);
  if (mapping.object !== vendor.object)
    found(check, ['object'], `says object ${mapping.object}, the vendor schema describes ${vendor.object}`);
  for (const [name, rule] of Object.entries(mapping.pull)) {
    const type = name === 'comments' ? COMMENT_TYPE : members.get(name)?.type;
    const required = members.get(name)?.required === true;
    if (type) checkPull(check, ['pull', name], rule, { type, required }, vendor.attributes);
  }
  const references = new Set(Object.keys(ENTITY_DEFINITIONS[mapping.entity].references));
  for (const [target, rule] of Object.entries(mapping.push)) {
    const attribute = attributeAt(vendor.writes, target) ?? attributeAt(vendor.attributes, target);
    checkPush({ check, members, references }, ['push', target], rule, {
      attribute,
      updates: rule.on !== 'create',
    });
  }
  return check.findings;
}
