import type { ContentfulStatusCode } from "hono/utils/http-status";
import { ModelError } from "#server/models/model-error.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";

/** Why a request of the OpenAI protocol has no answer, with the status that its clients know what to do about. */
export interface GatewayProblem {
  readonly status: ContentfulStatusCode;
  /** The body, as OpenAI's clients read it: `{ error: { message, type, param, code } }`. */
  readonly body: { readonly error: GatewayError };
  readonly headers: { readonly [name: string]: string };
}

export interface GatewayError {
  /** What is wrong, and what to do. */
  readonly message: string;
  readonly type: string;
  /** The member of the request that is wrong. */
  readonly param: string | null;
  /** A stable word for programs: one of Sheaf's `model.*`, or `request.*`. */
  readonly code: string;
}

/** Thrown while a request is read. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly param: string | null;
  readonly code: `request.${string}`;

  constructor(code: RequestError["code"], message: string, param: string | null = null) {
    super(message);
    this.code = code;
    this.param = param;
  }
}

/** Statuses of what models refuse; everything else is the fault of who is asked, 502. */
const statuses: { readonly [code: string]: ContentfulStatusCode } = {
  "model.bad-request": 400,
  "model.chat-only": 400,
  "model.content-filter": 400,
  "model.context-length": 400,
  "model.empty-prompt": 400,
  "model.no-chat": 400,
  "model.image": 400,
  "model.no-chat-template": 400,
  "model.no-images": 400,
  "model.no-reasoning": 400,
  "model.schema": 400,
  "model.setting": 400,
  "model.too-long": 400,
  "model.no-key": 401,
  "model.unauthorized": 401,
  "model.forbidden": 403,
  "model.not-found": 404,
  "model.unknown": 404,
  "model.quota": 429,
  "model.rate-limited": 429,
  "model.circuit-open": 503,
  "model.not-fetched": 503,
  "model.overloaded": 503,
  "model.waiting": 503,
  "model.timeout": 504,
};

/** What was thrown, as an answer. */
export function gatewayProblem(thrown: unknown): GatewayProblem {
  if (thrown instanceof RequestError) {
    const { message, param, code } = thrown;
    return { status: 400, body: { error: { message, type: "invalid_request_error", param, code } }, headers: {} };
  }
  const { code, message, cure } = toCellError(thrown);
  const status = statusOf(thrown) ?? statuses[code] ?? 502;
  const error = {
    message: cure === undefined ? message : `${message}. ${cure}`,
    type: typeOf(status),
    param: null,
    code,
  };
  return { status, body: { error }, headers: { ...retryAfter(thrown), ...notAgain(thrown, code) } };
}

/** Where something must come first. Nothing is gained by asking again before a budget is raised, so it is none of the statuses after which clients do. */
function statusOf(thrown: unknown): ContentfulStatusCode | null {
  if (!(thrown instanceof WaitingError)) return null;
  return thrown.on.reason === "budget" ? 402 : 503;
}

function typeOf(status: number): string {
  if (status === 401 || status === 403) return "authentication_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}

/**
 * What was answered and could not be kept, or is no answer, is paid for anew each time; an empty account stays empty; and what may pass was
 * sent again here as often as is worth it: clients that look at it do not ask again by themselves. Where a wait is known they may, after it.
 */
function notAgain(thrown: unknown, code: string): GatewayProblem["headers"] {
  const isFinal = code === "model.unwritten" || code === "model.no-answer" || code === "model.quota";
  const wasRetried =
    thrown instanceof ModelError && thrown.facts.retryable === true && thrown.facts.retryAfter === undefined;
  return isFinal || wasRetried ? { "x-should-retry": "false" } : {};
}

/** Clients send again by themselves after it. */
function retryAfter(thrown: unknown): GatewayProblem["headers"] {
  const wait = thrown instanceof ModelError ? thrown.facts.retryAfter : undefined;
  return wait === undefined ? {} : { "retry-after": String(Math.max(0, Math.ceil(wait / 1_000))) };
}
