/** How requests of a described system prove who sends them. Types only. */
import type { SessionDeps } from '../kit/contract.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { HttpAnswer } from '../kit/http.ts';
import type { CustomSecret } from './config.ts';

export interface Auth {
  /** The request with its proof. */
  sign(request: HttpRequest): Promise<HttpRequest>;
  /** After a 401 to this signed request: whether a repeat may be better received. */
  renew(signed: HttpRequest): Promise<boolean>;
  /** The query parameter that holds the key; it must not be kept in a cursor. */
  queryParam: string | null;
  account: string;
  close(): void;
}

export interface AuthParts {
  secret: CustomSecret;
  deps: SessionDeps;
  /** What must not appear in messages; tokens are added to it. */
  secrets: string[];
  /** Sends without proof, for a login. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}
