import { moveRequest } from '../../../../plant/requests/requests.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { assertVersion } from '../../frame/register.ts';
import { route, type Route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { refParams } from '../plain-records/shapes.ts';
import { request } from './requests.ts';

function move(verb: string, wanted: Parameters<typeof moveRequest>[2], from: string, id: string): Route {
  return route({
    method: 'POST',
    url: `/requests/:id/${verb}`,
    id: `${verb}Request`,
    tag: 'Requests',
    summary: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} a request`,
    description: `Refused unless the request is ${from}; one that is ${wanted} already stays so.`,
    permission: 'requests:update',
    params: refParams,
    responses: { 200: envelope({ request }) },
    example: { params: { id } },
    async handle({ person, params, ifMatch }) {
      const moved = await moveRequest(person, params.id, wanted, (version) =>
        assertVersion(ifMatch, version),
      );
      return { version: moved.version, body: { success: true, request: moved.shown } };
    },
  });
}

export const approveRequest = move('approve', 'approved', 'submitted', EXAMPLE.request);
export const rejectRequest = move('reject', 'rejected', 'submitted', EXAMPLE.request);
export const cancelRequest = move('cancel', 'cancelled', 'submitted or approved', EXAMPLE.request);
export const resolveRequest = move('resolve', 'resolved', 'approved', EXAMPLE.approvedRequest);
