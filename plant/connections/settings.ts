/** Settings as they are stored and as the audit log shows them. */
import type { JsonObject } from '../../domain/json.ts';
import type { ConnectionDetails } from '../../store/connections/connection-admin.ts';

/** A null says: not set. */
export function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

export function shownInAudit(row: ConnectionDetails): JsonObject {
  const { name, config, pollSeconds, requestsPerSecond, deletePolicy } = row;
  return {
    name,
    config,
    poll_seconds: pollSeconds,
    requests_per_second: requestsPerSecond,
    delete_policy: deletePolicy,
  };
}
