/** The stamps every saved row gets, and the replacement of a row by its next version. */
import type { Row } from './database.ts';
import type { Mbo, Value } from './model.ts';
import type { Draft } from './references.ts';
import type { WriteContext } from './write-context.ts';

export function stamped(context: WriteContext, mbo: Mbo, draft: Draft): Draft {
  if (mbo.attributes.has('changedate')) draft.changedate = context.at;
  if (mbo.attributes.has('changeby')) draft.changeby = context.user.personId;
  return draft;
}

export function replaceValues(
  context: WriteContext,
  mbo: Mbo,
  row: Row,
  changes: Readonly<Record<string, Value>>,
): Row {
  const next = context.world.db.replace(mbo.name, row, stamped(context, mbo, { ...row.values, ...changes }));
  context.written.push({ kind: 'updated', mbo: mbo.name });
  return next;
}
