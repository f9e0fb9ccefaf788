/** A sandbox with a session and the few things that tests of SAP's own ways need again and again. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type {
  ExternalRecord,
  Session,
  SessionDeps,
  TokenStore,
  UpdateOp,
  WriteOutcome,
} from '../kit/contract.ts';
import { createMemoryTokens, createSessionDeps } from '../kit/session-deps.fixture.ts';
import { sapPm } from './index.ts';
import { startSapPmSandbox } from './sandbox/index.ts';

type Sandbox = Awaited<ReturnType<typeof startSapPmSandbox>>;

export interface SapStand {
  sandbox: Sandbox;
  session: Session;
  connect: (config?: JsonObject, secret?: JsonObject, deps?: Partial<SessionDeps>) => Session;
  create: (entity: Entity, payload: JsonObject) => Promise<ExternalRecord>;
  update: (entity: Entity, record: ExternalRecord, payload: JsonObject) => Promise<WriteOutcome>;
  /** How often a path was asked with a method. */
  calls: (method: string, path: RegExp) => number;
  close: () => Promise<void>;
}

export async function openStand(settings: JsonObject = {}, seed = 'empty'): Promise<SapStand> {
  const sandbox = await startSapPmSandbox({ seed });
  const { user = '', password = '' } = sandbox.credentials;
  const tokens: TokenStore = createMemoryTokens();
  const base: JsonObject = {
    baseUrl: sandbox.url,
    sapClient: '100',
    plant: '1000',
    mainWorkCenter: 'MECH-01',
    locationStructure: 'STND',
    ...settings,
  };
  const sessions: Session[] = [];
  const connect: SapStand['connect'] = (config = {}, secret = { user, password }, deps = {}) => {
    const session = sapPm.connect({ ...base, ...config }, secret, createSessionDeps({ tokens, ...deps }));
    sessions.push(session);
    return session;
  };
  const session = connect();
  return {
    sandbox,
    session,
    connect,
    async create(entity, payload) {
      const op = {
        key: 'k',
        reference: 'CF00000001',
        intendedAt: new Date().toISOString(),
        payload,
        comments: [],
      };
      const [outcome] = await session.create(entity, [op]);
      if (outcome?.outcome === 'done') return outcome.record;
      throw new Error(
        `Not created: ${outcome !== undefined && 'failure' in outcome ? outcome.failure.message : 'no outcome'}`,
      );
    },
    async update(entity, record, payload) {
      const { externalId, address, version } = record;
      const op: UpdateOp = {
        key: 'k',
        externalId,
        address,
        version,
        payload,
        comments: [],
        knownComments: [],
      };
      const [outcome] = await session.update(entity, [op]);
      if (outcome === undefined) throw new Error('The update gave no outcome.');
      return outcome;
    },
    calls(method, path) {
      return sandbox.control.stats().log.filter((entry) => entry.method === method && path.test(entry.path))
        .length;
    },
    async close() {
      for (const open of sessions) await open.close();
      await sandbox.close();
    },
  };
}

export function doneRecord(outcome: WriteOutcome): ExternalRecord {
  if (outcome.outcome === 'done') return outcome.record;
  throw new Error(`${outcome.outcome}: ${'failure' in outcome ? outcome.failure.message : ''}`);
}
