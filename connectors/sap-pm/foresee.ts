/** The steps of an update before it is made, by the record as a pull showed it. Pure. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord, WriteStep } from '../kit/contract.ts';
import { assertAllowed } from './allowed.ts';
import type { SapConfig } from './config.ts';
import { nextOrderAction, orderPath, tokensOf } from './status.ts';
import { changedNames, stepsAfter } from './steps-ahead.ts';
import { LOCK, targetOf, UNLOCK } from './steps.ts';
import { bodyOf, textIn } from './wire.ts';

export function foresee(
  entity: Entity,
  { raw }: ExternalRecord,
  payload: JsonObject,
  config: SapConfig,
): WriteStep[] {
  assertAllowed(entity, 'update');
  const body = bodyOf(entity, payload, 'update');
  const names = changedNames(entity, payload);
  const change: WriteStep[] = names.length === 0 ? [] : [{ name: 'change', fields: names }];
  const line = textIn(raw.SystemStatusText);
  const wanted = entity === 'work_order' ? body.own._lifeCycle : undefined;
  if (typeof wanted === 'string') assertWay(line, targetOf(wanted, config));
  const locked = change.length > 0 && entity === 'work_order' && tokensOf(line).includes('LKD');
  if (!locked) return [...change, ...stepsAfter(entity, body, asRow(raw), config)];
  const open = tokensOf(line).filter((token) => token !== 'LKD');
  const after = stepsAfter(entity, body, asRow({ ...raw, SystemStatusText: open.join(' ') }), config);
  return [UNLOCK, ...change, ...(typeof wanted === 'string' ? after : [LOCK])];
}

/** Throws `rejected` where the path ends before its target. */
function assertWay(line: string, target: string): void {
  nextOrderAction(orderPath(line, target).at(-1)?.line ?? line, target);
}

function asRow(doc: JsonObject) {
  return { doc, version: null, childVersions: new Map<string, string>() };
}
