/**
 * Requests at a steady rate: each leaves at its planned moment whether or not the one before was answered, and its latency
 * counts from that moment, so that a stall shows in every request it delays. Of our own because the usual tools for Node send a
 * second's requests in one burst (autocannon 9) and so measure a queue that the plan does not have.
 */
import { Agent, request } from 'node:http';

export interface LoadRequest {
  method: string;
  path: string;
  body?: unknown;
}

export interface LoadPlan {
  url: string;
  apiKey: string;
  /** Requests a second. */
  rate: number;
  /** Seconds that count; WARM_UP_SECONDS run before and do not. */
  seconds: number;
  next: (n: number) => LoadRequest;
}

export interface LoadResult {
  /** Milliseconds. */
  p50: number;
  p99: number;
  max: number;
  sent: number;
  /** Answers that were no 2xx, and requests without one. */
  failed: number;
}

const TIMEOUT_MS = 10_000;
const WARM_UP_SECONDS = 3;

export async function steadyLoad(plan: LoadPlan): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });
  const warmUp = plan.rate * WARM_UP_SECONDS;
  const total = warmUp + Math.round(plan.rate * plan.seconds);
  const latencies: number[] = [];
  let failed = 0;
  const start = performance.now() + 20;
  const open: Promise<void>[] = [];
  for (let n = 0; n < total; n += 1) {
    const due = start + (n * 1_000) / plan.rate;
    await until(due);
    open.push(
      send(plan, agent, plan.next(n)).then((ok) => {
        if (n < warmUp) return;
        latencies.push(performance.now() - due);
        if (!ok) failed += 1;
      }),
    );
  }
  await Promise.all(open);
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.ceil(share * latencies.length) - 1)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1), sent: latencies.length, failed };
}

/** Timers are whole milliseconds and late rather than early; the rest of a request's wait counts as its latency. */
function until(moment: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - performance.now())));
}

function send(
  { url, apiKey }: LoadPlan,
  agent: Agent,
  { method, path, body }: LoadRequest,
): Promise<boolean> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string | number> = { authorization: `Bearer ${apiKey}` };
    if (text !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(text);
    }
    const asked = request(new URL(path, url), { agent, method, headers, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve((answer.statusCode ?? 0) >= 200 && (answer.statusCode ?? 0) < 300));
    });
    asked.once('timeout', () => asked.destroy(new Error('timeout')));
    asked.once('error', () => resolve(false));
    asked.end(text);
  });
}
