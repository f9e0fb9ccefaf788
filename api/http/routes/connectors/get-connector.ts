import { z } from 'zod';
import { Failure } from '../../../../domain/kernel/failure.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { connector } from './shapes.ts';

export const getConnector = route({
  method: 'GET',
  url: '/connectors/:system',
  id: 'getConnector',
  tag: 'Connectors',
  summary: 'Get a connector',
  description: 'The capabilities and limits of one system, and the settings and credentials it takes.',
  permission: 'connections:read',
  params: z.strictObject({ system: z.string().max(100) }),
  responses: { 200: envelope({ connector }) },
  example: { params: { system: 'upkeep' } },
  async handle({ deps, params }) {
    const found = deps.actions.systems().find(({ system }) => system === params.system);
    if (found === undefined) throw new Failure('not_found', `There is no connector "${params.system}".`);
    return { body: { success: true, connector: found } };
  },
});
