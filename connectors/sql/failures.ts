/**
 * What a database's errors mean. The three dialects have three code systems; here they become one kind and one sentence.
 * Whether a write may have happened is not said here: only the one who sent the commit knows.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { FailureKind } from '../../domain/kernel/failure.ts';
import { failureOfTransport, shorten, TRANSPORT_CODES } from '../kit/failures.ts';
import { redact } from '../kit/redact.ts';
import type { Dialect } from './config.ts';

interface Row {
  kind: FailureKind;
  advice: string;
}

const ROWS = {
  login: { kind: 'unauthorized', advice: 'check user and password of the connection' },
  rights: { kind: 'forbidden', advice: 'give the user the right to do this there' },
  database: { kind: 'invalid_config', advice: 'check the name of the database' },
  names: { kind: 'invalid_config', advice: 'correct table, query and columns in the settings' },
  values: { kind: 'rejected', advice: 'correct the values it refuses' },
  later: { kind: 'unavailable', advice: 'it will be tried again later' },
  slow: {
    kind: 'unavailable',
    advice: 'add an index for the key and changed-at columns, or raise timeoutMs',
  },
  readOnly: {
    kind: 'forbidden',
    advice: 'the database or the user is read only; switch writing off or open it',
  },
  file: {
    kind: 'invalid_config',
    advice: 'check that the file exists, is an SQLite database and may be opened',
  },
  tls: { kind: 'invalid_config', advice: 'set tls to off, or switch TLS on at the server' },
} as const satisfies Record<string, Row>;

/** SQLSTATE: exact codes, then classes (PostgreSQL manual, appendix A). */
const POSTGRES: Readonly<Record<string, keyof typeof ROWS>> = {
  '28': 'login',
  '3D000': 'database',
  '3F': 'names',
  '42501': 'rights',
  '42': 'names',
  '22': 'values',
  '23': 'values',
  '25006': 'readOnly',
  '40': 'later',
  '53': 'later',
  '55': 'later',
  '57014': 'slow',
  '57': 'later',
  '08': 'later',
  P0001: 'values',
};

/** Symbolic codes of the mysql2 driver. */
const MYSQL: Readonly<Record<string, keyof typeof ROWS>> = {
  ER_ACCESS_DENIED_ERROR: 'login',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'login',
  AUTH_SWITCH_PLUGIN_ERROR: 'login',
  ER_DBACCESS_DENIED_ERROR: 'rights',
  ER_TABLEACCESS_DENIED_ERROR: 'rights',
  ER_COLUMNACCESS_DENIED_ERROR: 'rights',
  ER_BAD_DB_ERROR: 'database',
  ER_NO_SUCH_TABLE: 'names',
  ER_BAD_FIELD_ERROR: 'names',
  ER_PARSE_ERROR: 'names',
  ER_BAD_NULL_ERROR: 'values',
  ER_DUP_ENTRY: 'values',
  ER_DATA_TOO_LONG: 'values',
  ER_TRUNCATED_WRONG_VALUE: 'values',
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: 'values',
  ER_WARN_DATA_OUT_OF_RANGE: 'values',
  ER_NO_DEFAULT_FOR_FIELD: 'values',
  ER_NO_REFERENCED_ROW_2: 'values',
  ER_ROW_IS_REFERENCED_2: 'values',
  ER_CHECK_CONSTRAINT_VIOLATED: 'values',
  ER_CONSTRAINT_FAILED: 'values',
  ER_SIGNAL_EXCEPTION: 'values',
  WARN_DATA_TRUNCATED: 'values',
  ER_LOCK_DEADLOCK: 'later',
  ER_LOCK_WAIT_TIMEOUT: 'later',
  ER_CON_COUNT_ERROR: 'later',
  ER_SERVER_SHUTDOWN: 'later',
  PROTOCOL_CONNECTION_LOST: 'later',
  ER_QUERY_TIMEOUT: 'slow',
  ER_STATEMENT_TIMEOUT: 'slow',
  ER_QUERY_INTERRUPTED: 'slow',
  ER_OPTION_PREVENTS_STATEMENT: 'readOnly',
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'readOnly',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls',
};

/** Primary result codes (sqlite.org/rescode.html); extended ones carry them in the low byte. */
const SQLITE: Readonly<Record<number, keyof typeof ROWS>> = {
  1: 'names',
  5: 'later',
  6: 'later',
  8: 'readOnly',
  10: 'later',
  13: 'later',
  14: 'file',
  19: 'values',
  20: 'values',
  23: 'rights',
  26: 'file',
};

export function createClassify(
  dialect: Dialect,
  where: string,
  secrets: readonly string[],
): (error: unknown) => Failure {
  return (error) => {
    if (error instanceof Failure) return error;
    const { code, errno, errcode, message: told } = detailsOf(error);
    const message = redact(told, secrets);
    const name = rowName(dialect, code, errno, errcode, message);
    if (name !== null) {
      const row: Row = ROWS[name];
      // The server's own words repeat the user's name.
      const words = name === 'login' ? 'refuses the login' : `says "${shorten(message)}"`;
      const said = `${where} ${words}; ${row.advice}.`;
      return new Failure(row.kind, said, code === null ? {} : { code });
    }
    if (
      code !== null &&
      (code in TRANSPORT_CODES || /^(CERT|ERR_TLS|DEPTH|SELF|UNABLE|HOSTNAME|E[A-Z]+$)/.test(code))
    ) {
      return failureOfTransport(code, where);
    }
    if (/timeout|terminated|closed|ended/i.test(message)) return failureOfTransport('ETIMEDOUT', where);
    if (dialect === 'sqlite' && errcode === null) return new Failure('bug', message, { cause: error });
    return new Failure(
      'unexpected_response',
      `${where} says "${shorten(message)}"; correct the settings or report it.`,
      {
        ...(code === null ? {} : { code }),
      },
    );
  };
}

function rowName(
  dialect: Dialect,
  code: string | null,
  errno: number | null,
  errcode: number | null,
  message: string,
): keyof typeof ROWS | null {
  if (dialect === 'sqlite') return errcode === null ? null : (SQLITE[errcode & 0xff] ?? null);
  if (/does not support SSL|no SSL support|does not support secure/i.test(message)) return 'tls';
  if (code === null) return null;
  if (dialect === 'mysql') {
    // MariaDB's own: statement time exceeded, check constraint.
    if (errno === 1969) return 'slow';
    if (errno === 4025) return 'values';
    return MYSQL[code] ?? null;
  }
  return /^[0-9A-Z]{5}$/.test(code) ? (POSTGRES[code] ?? POSTGRES[code.slice(0, 2)] ?? null) : null;
}

function detailsOf(error: unknown): {
  code: string | null;
  errno: number | null;
  errcode: number | null;
  message: string;
} {
  // A name with several addresses: each attempt's error stands inside.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const found = (typeof first === 'object' && first !== null ? first : {}) as Record<string, unknown>;
  const cause = found['cause'];
  if (cause instanceof Failure) throw cause;
  const detail = typeof found['detail'] === 'string' ? ` (${found['detail']})` : '';
  return {
    code: typeof found['code'] === 'string' ? found['code'] : null,
    errno: typeof found['errno'] === 'number' ? found['errno'] : null,
    errcode: typeof found['errcode'] === 'number' ? found['errcode'] : null,
    message: (first instanceof Error ? first.message : String(first)) + detail,
  };
}
