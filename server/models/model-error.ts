import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CallFacts } from "#server/notebook/services.ts";

/** What a `ModelError` knows besides its code, message and cure. */
export interface ModelErrorFacts {
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** Whether the same request may succeed later. It says nothing about text already streamed: only the caller knows that. */
  readonly retryable?: boolean;
  /** Milliseconds the provider asks to wait, as it said them. */
  readonly retryAfter?: number;
  readonly requestId?: string;
  readonly cure?: string;
  readonly cause?: unknown;
}

/** A call of a model that failed. Its code is one of `model.*`; its message has the provider's own words. */
export class ModelError extends SheafError {
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfter?: number;
  readonly requestId?: string;
  /** The text that came before the failure, and what the call came to: set when the call is booked. */
  partial?: string;
  call?: CallFacts;

  constructor(code: `model.${string}`, message: string, facts: ModelErrorFacts = {}) {
    super(code, message, {
      ...(facts.cure === undefined ? {} : { cure: facts.cure }),
      ...("cause" in facts ? { cause: facts.cause } : {}),
    });
    this.retryable = facts.retryable ?? false;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfter !== undefined) this.retryAfter = facts.retryAfter;
    if (facts.requestId !== undefined) this.requestId = facts.requestId;
  }
}
