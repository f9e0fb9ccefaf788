/** Rules of service requests (contract 2.3, 4.7). */
import { OslcError } from './oslc-error.ts';
import { requestMoveAllowed } from './status-moves.ts';
import { replaceValues } from './stamp-row.ts';
import type { Rules } from './write-context.ts';

export const requestRules: Rules = {
  defaults(context, draft) {
    draft.class = 'SR';
    draft.ticketid ??= context.world.nextNumber('ticketid');
    draft.status = context.world.domains.defaultExternal('SRSTATUS', 'NEW');
    draft.reportdate ??= context.at;
    draft.reportedby ??= context.user.personId;
    draft.historyflag = false;
  },
  changeStatus(context, row, status) {
    const { domains } = context.world;
    const from = domains.internal('SRSTATUS', String(row.values.status)) ?? '';
    const to = domains.internal('SRSTATUS', status) ?? '';
    if (!requestMoveAllowed(from, to)) {
      throw new OslcError(
        400,
        'BMXAA4590E',
        `The status of the request cannot be changed from ${from} to ${to}.`,
        {
          attribute: 'status',
          object: 'SR',
        },
      );
    }
    const mbo = context.world.db.table('SR').mbo;
    const closed = to === 'CLOSED' ? { historyflag: true } : {};
    const started = to === 'INPROG' ? { actualstart: row.values.actualstart ?? context.at } : {};
    const ended = to === 'RESOLVED' ? { actualfinish: row.values.actualfinish ?? context.at } : {};
    replaceValues(context, mbo, row, { status, statusdate: context.at, ...closed, ...started, ...ended });
  },
};
