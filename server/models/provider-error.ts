import { isMapping } from "#server/notebook/is-mapping.ts";
import { failureResponse, longestWords } from "./failure-response.ts";
import { providerLimits } from "./provider-limits.ts";
import { requestIdIn } from "./request-id-in.ts";
import { ModelError, type ModelErrorFacts } from "./model-error.ts";

/** Where a failure came from, for its message and cure. */
export interface ErrorSource {
  /** The provider's title, `OpenAI`. */
  readonly title: string;
  readonly baseUrl: string;
  /** The model's name as the provider knows it. */
  readonly model: string;
  readonly keyVariable?: string;
  /** Texts that must not be seen in a message: the key. */
  readonly secrets: readonly string[];
}

/** What a provider says about a failure, in the shapes of OpenAI and Anthropic: `{ error: { message, type, code } }` or its inside. */
interface ErrorBody {
  readonly message?: unknown;
  readonly type?: unknown;
  /** A word, or a number: where an answer has begun, or was no error by its status, OpenRouter, vLLM and LiteLLM say there which status it would have had. */
  readonly code?: unknown;
  readonly status?: unknown;
  /** Of OpenRouter: what was wrong with the request, or what the provider behind it said. */
  readonly metadata?: unknown;
  /** Of Google: reasons, and when to send it again. */
  readonly details?: unknown;
  readonly error?: ErrorBody | string | null;
}

/** A failed HTTP answer, or an error event in a stream, where `status` is absent. */
export interface ProviderFailure {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Headers;
  /** The id of the request, where no header says it. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

type Kind = readonly [code: `model.${string}`, retryable: boolean, cure: (source: ErrorSource) => string];

const kinds = {
  unauthorized: ["model.unauthorized", false, keyCure],
  quota: ["model.quota", false, (source) => `Add credit to the account at ${source.title}, or use another model.`],
  forbidden: [
    "model.forbidden",
    false,
    (source) => `Ask ${source.title} for access to ${source.model}, or use another key or model.`,
  ],
  notFound: [
    "model.not-found",
    false,
    (source) => `Check how ${source.model} is called there, and that the account may use it.`,
  ],
  timeout: ["model.timeout", true, () => "Run it again; if it stays, use a smaller request."],
  tooLarge: ["model.too-long", false, () => "Send less text, or use a model with a longer context."],
  overMinute: [
    "model.too-long",
    false,
    (source) => `Send less text, or have the tokens a minute raised that ${source.title} allows the account.`,
  ],
  contextLength: ["model.context-length", false, () => "Send less text, or use a model with a longer context."],
  badRequest: [
    "model.bad-request",
    false,
    () => "Change the parameter or message the provider names; not every model takes every parameter.",
  ],
  contentFilter: ["model.content-filter", false, () => "The provider's filter refused the request; change its text."],
  rateLimited: ["model.rate-limited", true, () => "Wait and run the failed cells again, or run fewer at once."],
  overloaded: ["model.overloaded", true, (source) => `Wait until ${source.title} has recovered and run it again.`],
  failed: ["model.provider-failed", true, (source) => `${source.title} had an error of its own; run it again later.`],
  redirected: ["model.unreachable", false, (source) => `Set the base URL to where ${source.baseUrl} redirects.`],
} satisfies { [name: string]: Kind };

function keyCure({ keyVariable, title }: ErrorSource): string {
  return keyVariable === undefined
    ? `Give ${title} a key in its endpoint's settings.`
    : `Set ${keyVariable} to a valid key.`;
}

/** Turns a provider's own account of a failure into a `ModelError`. */
export function failureError(failure: ProviderFailure, source: ErrorSource): ModelError {
  const { words, labels, status: said, retryAfter } = readBody(failure.body);
  const isRefused = failure.status !== undefined && failure.status >= 300;
  const [code, retryable, cure] = kindOf(isRefused ? failure.status : (said ?? failure.status), labels, words);
  const status = failure.status === undefined ? "" : ` (HTTP ${failure.status})`;
  return new ModelError(code, `${source.title}${status}: ${redacted(words, source, longestWords)}`, {
    retryable,
    cure: cure(source),
    // Providers bill no request they answer with an error status.
    ...(failure.status === undefined ? {} : { status: failure.status, unbilled: true }),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(failure.headers === undefined
      ? {}
      : {
          ...retryFacts(failure.headers),
          ...requestIdIn(failure.headers),
          limits: providerLimits(failure.headers),
        }),
    ...failureResponse(failure, (text) => redacted(text, source, Number.POSITIVE_INFINITY)),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  });
}

/** Turns whatever an SDK or the network threw into a `ModelError`; one of ours stays as it is. */
export function toModelError(thrown: unknown, source: ErrorSource): ModelError {
  if (thrown instanceof ModelError) return thrown;
  if (!(thrown instanceof Error)) return new ModelError("model.failed", `${source.title}: ${String(thrown)}`);
  const { status, error, headers } = thrown as { status?: unknown; error?: unknown; headers?: unknown };
  if (typeof status === "number") {
    const body = error ?? { message: thrown.message };
    return failureError({ status, body, cause: thrown, ...(headers instanceof Headers ? { headers } : {}) }, source);
  }
  const reason = networkReason(thrown);
  if (reason === null)
    return new ModelError("model.failed", `${source.title}: ${redacted(thrown.message, source, longestWords)}`, {
      cause: thrown,
    });
  return new ModelError("model.unreachable", `${source.title} cannot be reached at ${source.baseUrl}: ${reason}`, {
    retryable: true,
    unbilled: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT/.test(reason),
    cure: "Check that the base URL is right, that the server runs, and that this machine is online.",
    cause: thrown,
  });
}

/** A stream that ended, or was cut, before its end mark. */
export function truncatedError(source: ErrorSource, cause?: unknown): ModelError {
  const reason = cause instanceof Error ? `: ${networkReason(cause) ?? cause.message}` : " without its end mark";
  return new ModelError("model.truncated", `${source.title}: the answer of ${source.model} broke off${reason}`, {
    retryable: true,
    cure: "Run it again; the text that came is kept, marked partial.",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A stream that came to its end, but not as it was sent: something of it is missing, or came twice. `fault` says how one knows. */
export function notWhole(fault: string, source: ErrorSource): ModelError {
  return new ModelError(
    "model.truncated",
    `${source.title}: the answer of ${source.model} did not come whole: ${fault}`,
    {
      retryable: true,
      cure: "Run it again; the text that came is kept, marked partial.",
    },
  );
}

/** What was thrown while a body was read: most often the connection broke. */
export function brokeOff(thrown: unknown, source: ErrorSource): ModelError {
  const isSaid = thrown instanceof RangeError || thrown instanceof ModelError;
  return isSaid ? toModelError(thrown, source) : truncatedError(source, thrown);
}

/** A stream that goes on after its answer's end, or begins another: nobody knows which of it is the answer. */
export function wentOn(source: ErrorSource): ModelError {
  return new ModelError("model.failed", `${source.title}: the answer of ${source.model} went on after its end`, {
    cure: "Run it again; the text that came is kept, marked partial.",
  });
}

/**
 * What is said of a request that is too long for its model where no label says it: by Anthropic, by OpenAI and those who took its
 * words, vLLM among them, by vLLM of itself, by llama.cpp's server, and by Gemini.
 */
const tooLongWords =
  /prompt is too long|exceed context limit|maximum context length|longer than the maximum model length|exceeds the available context size|exceeds the context window|input token count .*exceeds the maximum/i;
/** And of an account that has no money: by Anthropic, whose status is that of a bad request, and by those who sell others' models. */
const noCreditWords = /credit balance is too low|insufficient (?:quota|balance|credits?|funds)\b/i;

/** What OpenAI says, as of a limit that passes, of one request that is larger than all the tokens that the account has in a minute. */
const overMinuteWords = /^request too large .*\b(?:tokens per min|TPM)\b/i;

function kindOf(status: number | undefined, labels: ReadonlySet<string>, words: string): Kind {
  const has = (...names: string[]): boolean => names.some((name) => labels.has(name));
  if (has("insufficient_quota", "billing_error", "billing_hard_limit_reached")) return kinds.quota;
  if (has("content_filter", "content_policy_violation")) return kinds.contentFilter;
  if (has("context_length_exceeded", "exceed_context_size_error")) return kinds.contextLength;
  if (has("string_above_max_length", "request_too_large")) return kinds.tooLarge;
  // Google's status is that of a bad request.
  if (has("API_KEY_INVALID") || (status === 400 && /^API key (?:not valid|expired)/.test(words)))
    return kinds.unauthorized;
  // In an answer that is no error by its status, or in a stream, the words are all there is.
  if (status === undefined || (status >= 400 && status < 500)) {
    if (noCreditWords.test(words)) return kinds.quota;
    if (status !== 429 && tooLongWords.test(words)) return kinds.contextLength;
  }
  if (status === 429 && overMinuteWords.test(words)) return kinds.overMinute;
  switch (status) {
    case 401:
      return kinds.unauthorized;
    case 402:
      return kinds.quota;
    case 403:
      return kinds.forbidden;
    case 404:
      return kinds.notFound;
    case 408:
    case 504:
      return kinds.timeout;
    case 413:
      return kinds.tooLarge;
    case 429:
      return kinds.rateLimited;
    case 409:
    case 502:
    case 503:
    case 529:
      return kinds.overloaded;
    case undefined:
      break;
    default:
      if (status >= 500) return kinds.failed;
      if (status >= 400) return kinds.badRequest;
      return status >= 300 ? kinds.redirected : kinds.failed;
  }
  if (has("authentication_error", "invalid_api_key")) return kinds.unauthorized;
  if (has("permission_error")) return kinds.forbidden;
  if (has("not_found_error", "model_not_found")) return kinds.notFound;
  if (has("rate_limit_error", "rate_limit_exceeded")) return kinds.rateLimited;
  if (has("overloaded_error")) return kinds.overloaded;
  if (has("timeout_error")) return kinds.timeout;
  if (has("invalid_request_error")) return kinds.badRequest;
  return kinds.failed;
}

interface ReadBody {
  readonly words: string;
  readonly labels: ReadonlySet<string>;
  readonly status?: number;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

/** Who is behind a server that sells others' models, and what they said. */
interface Behind {
  readonly name: string;
  readonly said: ReadBody;
}

/** OpenRouter's own words are then no more than that its provider failed. */
function saidBehind(metadata: unknown): Behind | null {
  if (!isMapping(metadata)) return null;
  const { raw, provider_name: name } = metadata;
  if ((typeof raw !== "string" || raw.trim() === "") && !isMapping(raw)) return null;
  return { name: typeof name === "string" ? name : "its provider", said: readBody(parsed(raw), true) };
}

function parsed(raw: unknown): unknown {
  if (typeof raw !== "string") return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

function readBody(body: unknown, isBehind = false): ReadBody {
  const labels = new Set<string>();
  let words: string | undefined;
  let saidStatus: number | undefined;
  let retryAfter: number | undefined;
  let behind: Behind | null = null;
  for (let part: unknown = body, depth = 0; part !== null && part !== undefined && depth < 4; depth += 1) {
    if (typeof part !== "object") {
      words ??= String(part);
      break;
    }
    const { message, type, code, status, metadata, details, error } = part as ErrorBody;
    for (const label of [type, code]) if (typeof label === "string") labels.add(label);
    for (const said of [code, status]) if (/^[45]\d\d$/.test(String(said))) saidStatus ??= Number(said);
    if (isMapping(metadata) && "flagged_input" in metadata) labels.add("content_filter");
    if (!isBehind) behind ??= saidBehind(metadata);
    for (const detail of Array.isArray(details) ? details : []) {
      if (!isMapping(detail)) continue;
      const { reason, retryDelay } = detail;
      if (typeof reason === "string") labels.add(reason);
      // A `Duration` of protocol buffers as JSON: seconds.
      if (typeof retryDelay === "string" && /^\d+(\.\d+)?s$/.test(retryDelay))
        retryAfter = parseFloat(retryDelay) * 1_000;
    }
    if (typeof message === "string" && message !== "") words = message;
    part = error;
  }
  for (const label of behind?.said.labels ?? []) labels.add(label);
  return {
    words:
      behind === null ? (words ?? JSON.stringify(body) ?? "no reason given") : `${behind.name}: ${behind.said.words}`,
    labels,
    ...(saidStatus === undefined ? {} : { status: saidStatus }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** What a provider's headers say of sending the request again: in milliseconds, in seconds, or as a date; nonsense says nothing. */
function retryFacts(headers: Headers): Pick<ModelErrorFacts, "retryAfter" | "retryAt" | "shouldRetry"> {
  const should = headers.get("x-should-retry");
  const facts = should === "true" || should === "false" ? { shouldRetry: should === "true" } : {};
  const milliseconds = headers.get("retry-after-ms")?.trim() ?? "";
  const seconds = headers.get("retry-after")?.trim() ?? "";
  if (number.test(milliseconds)) return { ...facts, retryAfter: Number(milliseconds) };
  if (number.test(seconds)) return { ...facts, retryAfter: Number(seconds) * 1_000 };
  const date = httpDate.test(seconds) ? Date.parse(seconds) : Number.NaN;
  return Number.isNaN(date) ? facts : { ...facts, retryAt: date };
}

const number = /^\d+(\.\d+)?$/;
/** A date as HTTP writes it, RFC 9110, section 5.6.7: `Date.parse` takes much more. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The network's own word for a failure, from the chain of causes: `ECONNREFUSED`; null where it was not the network. */
function networkReason(thrown: Error): string | null {
  // A parser's words quote what it read, and sound like anything.
  if (thrown instanceof SyntaxError) return null;
  let reason: string | null = /connection error|timed out|fetch failed|terminated/i.test(thrown.message)
    ? thrown.message
    : null;
  for (let part: unknown = thrown, depth = 0; part instanceof Error && depth < 6; depth += 1) {
    const { code } = part as { code?: unknown };
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)) reason = `${code} ${part.message}`.trim();
    else if (part instanceof AggregateError && part.errors[0] instanceof Error) reason = part.errors[0].message;
    part = part.cause;
  }
  return reason;
}

/** The beginning of what a provider said, without its keys: of one that stood at the end there is no beginning left. */
export function redacted(text: string, { secrets }: Pick<ErrorSource, "secrets">, most: number): string {
  return secrets
    .reduce((result, secret) => (secret.length < 4 ? result : result.replaceAll(secret, "[key]")), text)
    .slice(0, most);
}
