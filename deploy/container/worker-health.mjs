// Health of a worker, which has no port: whether Temporal has heard this container poll within the last minute or so.
// Exit code 0 when it has. Temporal names a poller `<process>@<host>`, and a container's host name is its own.
import { hostname } from 'node:os';
import { Client, Connection } from '@temporalio/client';

const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE = 'default', TEMPORAL_API_KEY, TEMPORAL_TLS } = process.env;
const HEARD_WITHIN_MS = 90_000;
const TASK_QUEUE = 'chatterfix-sync';
/** `TASK_QUEUE_TYPE_WORKFLOW` of temporal.api.enums.v1. */
const WORKFLOW = 1;

try {
  const connection = await Connection.connect({
    address: TEMPORAL_ADDRESS,
    connectTimeout: '5 seconds',
    tls: TEMPORAL_TLS === 'true' || TEMPORAL_TLS === '1' || TEMPORAL_API_KEY !== undefined,
    ...(TEMPORAL_API_KEY === undefined ? {} : { apiKey: TEMPORAL_API_KEY }),
  });
  const client = new Client({ connection, namespace: TEMPORAL_NAMESPACE });
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: TEMPORAL_NAMESPACE,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: WORKFLOW,
  });
  const heard = (pollers ?? []).some(
    ({ identity, lastAccessTime }) =>
      identity?.endsWith(`@${hostname()}`) === true &&
      Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < HEARD_WITHIN_MS,
  );
  await connection.close();
  if (!heard) throw new Error(`Temporal has not heard a worker of ${hostname()} poll ${TASK_QUEUE}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
