import { REQUEST } from '../../../../plant/records/plain-records-kinds.ts';
import { submitRequest } from '../../../../plant/requests/requests.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { plainRoutes, plainShape } from '../plain-records/plain-routes.ts';

export const request = plainShape('request');

export const requests = plainRoutes({
  kind: REQUEST,
  resource: 'requests',
  title: 'Request',
  tag: 'Requests',
  shown: request,
  create: submitRequest,
  examples: {
    id: EXAMPLE.request,
    create: { title: 'Oil under the boom', priority: 'high', asset_id: EXAMPLE.assetTag },
    change: { assigned_to: 'ALMUT' },
    list: { status: 'submitted' },
  },
});
