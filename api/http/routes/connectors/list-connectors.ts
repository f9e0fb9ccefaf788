import { z } from 'zod';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { connectorSummary } from './shapes.ts';

export const listConnectors = route({
  method: 'GET',
  url: '/connectors',
  id: 'listConnectors',
  tag: 'Connectors',
  summary: 'List connectors',
  description: 'The systems that can be connected, with what each can do.',
  permission: 'connections:read',
  responses: { 200: envelope({ connectors: z.array(connectorSummary), count: z.number().int() }) },
  example: {},
  async handle({ deps }) {
    const connectors = deps.actions
      .systems()
      .map(({ config_schema: _config, secret_schema: _secret, ...summary }) => summary);
    return { body: { success: true, connectors, count: connectors.length } };
  },
});
