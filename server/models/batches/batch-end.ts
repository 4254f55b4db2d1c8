import { believedUsage } from "../believed-usage.ts";
import type { Usage } from "#server/notebook/services.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CallEnd } from "#server/store/journal.ts";
import { toAnswerSchema } from "../answer-schema.ts";
import { ModelError } from "../model-error.ts";
import { modelName } from "../model-name.ts";
import { gatherFacts } from "../provider-facts.ts";
import type { SentInBatch } from "./model-batches.ts";

/** A whole answer, as far as all providers have it. */
export interface WholeAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly finish: NonNullable<CallEnd["finish"]>;
  readonly usage: Usage;
  readonly model: string | undefined;
}

const unpriced = { cost: null, price: null } as const;

/** The end of a request that was answered. */
export function answeredEnd(
  { text, reasoning, finish, usage, model }: WholeAnswer,
  facts: { readonly endedAt: number; readonly requestId?: string | undefined; readonly body: object },
  sent: SentInBatch | undefined,
): CallEnd {
  const { endedAt, requestId, body } = facts;
  const said = gatherFacts();
  said.add({ ...body });
  const { raw: response } = said.part();
  const answeredBy = modelName(model);
  if (typeof text !== "string") throw new TypeError(`a text that is ${typeof text}`);
  return {
    state: "done",
    endedAt,
    text: toAnswerSchema(sent?.request.schema)?.unwrap(text) ?? text,
    finish,
    usage: believedUsage(usage, text),
    ...(response === undefined ? {} : { response }),
    ...(reasoning === "" ? {} : { reasoning }),
    ...(answeredBy === undefined ? {} : { answeredBy }),
    ...(requestId === undefined ? {} : { requestId }),
    ...unpriced,
  };
}

/** The end of a request that was not answered. */
export function failedEnd(error: ModelError, endedAt: number, state: "failed" | "cancelled" = "failed"): CallEnd {
  // Of a batch no request is billed that was not answered.
  return { state, endedAt, text: "", usage: {}, ...saidWith(error), cost: 0, price: { source: "refused" } };
}

/** The end of a request of which nobody knows what was answered, nor, where nothing was counted, what that costs. */
export function unreadEnd(error: ModelError, endedAt: number, usage: Usage = {}): CallEnd {
  return { state: "failed", endedAt, text: "", usage, ...saidWith(error), ...unpriced };
}

function saidWith(error: ModelError): Pick<CallEnd, "error" | "requestId" | "response"> {
  const { requestId, response } = error.facts;
  return {
    error: toCellError(error),
    ...(requestId === undefined ? {} : { requestId }),
    ...(response === undefined ? {} : { response }),
  };
}

/** The error of a request that the provider did not come to. */
export function expiredError(title: string): ModelError {
  return new ModelError("model.batch-expired", `${title} did not come to it before the batch's time was over`, {
    unbilled: true,
    cure: "Run it again.",
  });
}

export function cancelledError(title: string): ModelError {
  return new ModelError("model.batch-cancelled", `${title} did not answer it, as the batch was cancelled`, {
    unbilled: true,
    cure: "Run it again.",
  });
}
