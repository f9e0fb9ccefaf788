import { describe, expect, it } from '@jest/globals';
import { Failure } from '../../domain/kernel/failure.ts';
import { lifeCycleOf, nextNotificationAction, nextObjectAction, nextOrderAction, phaseOf } from './status.ts';

/** What each action does to a status line (contract 2.1). */
const EFFECT: Readonly<Record<string, (tokens: string[]) => string[]>> = {
  ReleaseMaintenanceOrder: (tokens) => ['REL', ...tokens.filter((token) => token !== 'CRTD')],
  SetMaintOrdToTechCompleted: (tokens) => ['TECO', ...tokens.filter((token) => token !== 'REL')],
  ResetMaintOrdStsTechCompleted: (tokens) => ['REL', ...tokens.filter((token) => token !== 'TECO')],
  SetMaintOrderStatusToClosed: (tokens) => ['CLSD', ...tokens.filter((token) => token !== 'TECO')],
  ResetMaintOrderStatusClosed: (tokens) => ['TECO', ...tokens.filter((token) => token !== 'CLSD')],
  SetMaintOrderToDoNotExecute: (tokens) => ['NOEX', ...tokens],
  ResetStatusFromDoNotExecute: (tokens) => tokens.filter((token) => token !== 'NOEX'),
  SetMaintOrdStsToMrkdForDeltn: (tokens) => [...tokens, 'DLFL'],
  ResetMaintOrdStsMrkdForDeltn: (tokens) => tokens.filter((token) => token !== 'DLFL'),
  SetMaintOrderStatusToLocked: (tokens) => [...tokens, 'LKD'],
  SetMaintOrderStatusToUnlocked: (tokens) => tokens.filter((token) => token !== 'LKD'),
};

function path(line: string, target: string): string[] {
  const actions: string[] = [];
  let tokens = line.split(/\s+/);
  for (let step = 0; step < 8; step += 1) {
    const action = nextOrderAction(tokens.join(' '), target);
    if (action === null) return actions;
    actions.push(action);
    const effect = EFFECT[action];
    if (effect === undefined) throw new Error(`No such action: ${action}`);
    tokens = effect(tokens);
  }
  throw new Error('The path does not end.');
}

describe('status line of an order', () => {
  it.each([
    ['REL  CNF  MANC PRC  SETC', '', 'CNF'],
    ['CRTD MANC NMAT PRC', '', 'CRTD'],
    ['TECO CNF  GMPS MANC', '', 'TECO'],
    ['REL  LKD  MANC', '', 'LKD'],
    ['REL  DLFL', '', 'DLFL'],
    ['DLT  TECO', '', 'DLFL'],
    ['REL  PRC', '0070', '0070'],
    // A prefix is no token.
    ['RELX CRTDY', '', 'RELX'],
    ['FREI MANC', '', 'FREI'],
    ['', '', null],
  ])('%s, subphase "%s" is %s', (line, subPhase, expected) => {
    expect(lifeCycleOf(line, subPhase)).toBe(expected);
  });
});

describe('path of an order', () => {
  it.each([
    ['CRTD MANC', 'REL', ['ReleaseMaintenanceOrder']],
    ['CRTD MANC', 'TECO', ['ReleaseMaintenanceOrder', 'SetMaintOrdToTechCompleted']],
    [
      'CRTD',
      'CLSD',
      ['ReleaseMaintenanceOrder', 'SetMaintOrdToTechCompleted', 'SetMaintOrderStatusToClosed'],
    ],
    ['REL LKD', 'TECO', ['SetMaintOrderStatusToUnlocked', 'SetMaintOrdToTechCompleted']],
    ['REL', 'LKD', ['SetMaintOrderStatusToLocked']],
    ['CRTD', 'LKD', ['SetMaintOrderStatusToLocked']],
    ['CLSD', 'REL', ['ResetMaintOrderStatusClosed', 'ResetMaintOrdStsTechCompleted']],
    ['REL NOEX', 'REL', ['ResetStatusFromDoNotExecute']],
    ['CRTD NOEX', 'REL', ['ResetStatusFromDoNotExecute', 'ReleaseMaintenanceOrder']],
    ['CRTD', 'NOEX', ['SetMaintOrderToDoNotExecute']],
    ['REL DLFL', 'TECO', ['ResetMaintOrdStsMrkdForDeltn', 'SetMaintOrdToTechCompleted']],
    ['REL CNF', 'REL', []],
    ['TECO CNF', 'TECO', []],
  ])('%s to %s', (line, target, expected) => {
    expect(path(line, target)).toEqual(expected);
  });

  it.each([
    ['REL', 'CRTD', 'released'],
    ['TECO', 'NOEX', 'completed'],
    ['DLT', 'REL', 'deleted for good'],
    ['REL', 'DONE', 'no order status DONE'],
  ])('%s to %s has none', (line, target, words) => {
    expect(() => nextOrderAction(line, target)).toThrow(Failure);
    expect(() => nextOrderAction(line, target)).toThrow(words);
  });
});

describe('phases of a notification', () => {
  it('goes by in process to completed, and never back', () => {
    expect(nextNotificationAction('1', '4')).toBe('SetMaintNotifToInProcess');
    expect(nextNotificationAction('3', '4')).toBe('CompleteMaintNotification');
    expect(nextNotificationAction('4', '4')).toBeNull();
    expect(nextNotificationAction('1', '5')).toBe('RejectMaintWorkRequest');
    expect(() => nextNotificationAction('4', '3')).toThrow('no way from phase 4 to phase 3');
  });

  it('an assigned order shows before the phase does', () => {
    expect(phaseOf('1', 'OSNO ORAS')).toBe('ORAS');
    expect(phaseOf('4', 'NOCO ORAS')).toBe('4');
  });
});

describe('state of equipment and places', () => {
  it('takes the deletion flag away before anything else', () => {
    expect(nextObjectAction('asset', { inactive: true, marked: true }, 'active')).toBe(
      'RsetEquipFromMarkedForDeletion',
    );
    expect(nextObjectAction('asset', { inactive: true, marked: false }, 'active')).toBe(
      'ResetEquipmentFromInactive',
    );
    expect(nextObjectAction('location', { inactive: false, marked: false }, 'inactive')).toBe(
      'SetFuncnlLocationToInactive',
    );
    expect(nextObjectAction('location', { inactive: false, marked: true }, 'deleted')).toBeNull();
  });
});
