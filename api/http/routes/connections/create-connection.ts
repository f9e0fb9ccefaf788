import { z } from 'zod';
import { createConnection as create, MADE_PAUSED } from '../../../../plant/connections/connections.ts';
import { Refusal } from '../../problem.ts';
import { route } from '../../frame/route.ts';
import { envelope, notRead, uuid } from '../../frame/shapes.ts';
import {
  connection,
  connectionState,
  deletePolicy,
  jsonObject,
  pollSeconds,
  requestsPerSecond,
  shownConnection,
  stateReason,
} from './shapes.ts';

export const createConnection = route({
  method: 'POST',
  url: '/cmms/connections',
  id: 'createConnection',
  tag: 'Connections',
  summary: 'Create a connection',
  description:
    'Takes either the plain form (api_url with api_key, or username and password), or config and secret as the connector describes them (GET /connectors/{system}). The system itself is not contacted here: what the plain form leaves open is asked by the first pass or the first test (POST /cmms/connections/{id}/test) and kept in config. If the system does not tell either, the connection is paused with the reason.',
  permission: 'connections:create',
  wakes: false,
  body: z.strictObject({
    cmms_type: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'A system of GET /connectors.', example: 'upkeep' }),
    connection_name: z.string().trim().min(1).max(200),
    api_url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2_000)
      .optional(),
    api_key: z.string().min(1).max(4_000).optional(),
    username: z.string().min(1).max(500).nullish(),
    password: z.string().min(1).max(4_000).nullish(),
    config: jsonObject.optional(),
    secret: jsonObject.optional(),
    poll_seconds: pollSeconds.optional(),
    requests_per_second: requestsPerSecond.optional(),
    delete_policy: deletePolicy.optional(),
    state: connectionState.optional().meta({ description: 'paused: stored, and started by a resume.' }),
    state_reason: stateReason.optional().meta({ description: 'Why it is made paused.' }),
    ...notRead('id', 'created_at', 'updated_at'),
  }),
  responses: { 201: envelope({ connection_id: uuid, connection }) },
  example: {
    body: {
      cmms_type: 'upkeep',
      connection_name: 'UpKeep of the north pit',
      api_url: 'https://api.onupkeep.com/api/v2',
      username: 'planner@pitmine.example',
      password: 'not-a-real-password',
    },
  },
  async handle({ deps, person, body }) {
    if (body.config === undefined && body.api_url === undefined) throw missing('api_url');
    if (body.secret === undefined && body.api_key === undefined && (body.username ?? null) === null) {
      throw missing('api_key');
    }
    const made = await create(
      { ...person, actions: deps.actions },
      {
        system: body.cmms_type,
        name: body.connection_name,
        basics:
          body.api_url === undefined
            ? null
            : {
                url: body.api_url,
                apiKey: body.api_key ?? null,
                username: body.username ?? null,
                password: body.password ?? null,
              },
        config: body.config ?? null,
        secret: body.secret ?? null,
        pollSeconds: body.poll_seconds ?? null,
        requestsPerSecond: body.requests_per_second ?? null,
        deletePolicy: body.delete_policy ?? null,
        paused: body.state === 'paused' ? (body.state_reason ?? MADE_PAUSED) : null,
      },
    );
    return {
      status: 201,
      version: made.version,
      location: `/cmms/connections/${made.id}`,
      body: {
        success: true,
        connection_id: made.id,
        connection: shownConnection(made),
        message:
          made.state === 'active' ? 'The first sync begins.' : `Stored and paused: ${made.stateReason ?? ''}`,
      },
    };
  },
});

function missing(field: string): Refusal {
  return new Refusal(422, `${field}: Is required.`, [
    { field, message: 'Is required, or config and secret instead.' },
  ]);
}
