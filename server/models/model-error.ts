import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { ProviderLimits } from "./model.ts";
import type { Members } from "./provider-facts.ts";

/** What a `ModelError` knows besides its code, message and cure. */
export interface ModelErrorFacts {
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** Whether the same request may succeed later. It says nothing about text already streamed: only the caller knows that. */
  readonly retryable?: boolean;
  /** Milliseconds the provider asks to wait, as it said them, or the time it names, in milliseconds since 1970. */
  readonly retryAfter?: number;
  readonly retryAt?: number;
  /** Whether it was not begun in its time while others were: it waited in the provider's own line. */
  readonly crowded?: boolean;
  /** Whether it was refused for coming too soon, and all others of its model are held back with it: sent again, it multiplies nothing. */
  readonly paced?: boolean;
  /** Milliseconds for which all of its model were refused so, where that is too long to be waited for in the line. */
  readonly refusedFor?: number;
  /** What the provider says of its limits with its refusal. */
  readonly limits?: ProviderLimits;
  /** What the provider says itself of sending it again. */
  readonly shouldRetry?: boolean;
  /** The provider's id of the request. */
  readonly requestId?: string;
  /** What the provider said of it, where that is more than the message has. */
  readonly response?: Members;
  /** Whether it is certain that nothing was billed: refused before sending, or by the provider. */
  readonly unbilled?: boolean;
  /** The text that came before the failure, and what the call came to: known once the call is booked. */
  readonly partial?: string;
  readonly call?: CallFacts;
}

/** A call of a model that failed. Its code is one of `model.*`; its message has the provider's own words. */
export class ModelError extends SheafError {
  readonly facts: ModelErrorFacts;

  constructor(
    code: `model.${string}`,
    message: string,
    { cure, cause, ...facts }: ModelErrorFacts & { readonly cure?: string; readonly cause?: unknown } = {},
  ) {
    super(code, message, { ...(cure === undefined ? {} : { cure }), ...(cause === undefined ? {} : { cause }) });
    this.facts = facts;
  }

  /** The same error with more facts, for one of the readers of a shared call. */
  with(facts: ModelErrorFacts): ModelError {
    const { cure } = this;
    return new ModelError(this.code as `model.${string}`, this.message, {
      ...this.facts,
      ...facts,
      cause: this,
      ...(cure === undefined ? {} : { cure }),
    });
  }
}
