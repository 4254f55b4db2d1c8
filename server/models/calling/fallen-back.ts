import { ModelError } from "../model-error.ts";
import type { ChatModel, ChatRequest } from "../model.ts";
import { modelName } from "../model-name.ts";
import { attemptOf } from "./attempt-of.ts";
import { infrastructureErrors } from "./broken.ts";
import { isAnswer } from "./is-answer.ts";
import type { Timers } from "./timers.ts";

/** Errors of the infrastructure, for which another model may answer: never for what a model says of the request. */
export const fallbackReasons: ReadonlySet<string> = new Set([
  ...infrastructureErrors,
  "model.circuit-open",
  "model.rate-limited",
]);

/**
 * A model that is answered by others, in their order, where its provider fails before any text came. The answer says which
 * one it was and why. Its name, and so the key of its calls, stays the first one's.
 */
export function fallenBack(model: ChatModel, others: readonly ChatModel[], { now }: Pick<Timers, "now">): ChatModel {
  if (others.length === 0) return model;
  return {
    ...model,
    async *stream(request, signal) {
      const chain = [model, ...others];
      for (const [index, asked] of chain.entries()) {
        let begun = false;
        const sending = { ...request.sending, hasOther: index < others.length };
        try {
          await (index === 0 ? undefined : asked.ready?.(signal));
          const sent = { ...(index === 0 ? request : ofAnother(request)), sending };
          for await (const part of asked.stream(sent, signal)) {
            begun ||= isAnswer(part);
            if (part.type === "finish" && index > 0) yield { ...part, model: modelName(part.model) ?? asked.name };
            else yield part;
          }
          return;
        } catch (thrown) {
          const next = chain[index + 1];
          const isReason = thrown instanceof ModelError && fallbackReasons.has(thrown.code);
          if (signal.aborted || begun || next === undefined || !isReason) throw thrown;
          yield { type: "attempt", attempt: attemptOf(thrown, now(), { next: next.name }) };
        }
      }
    },
  };
}

/** A protocol that is named is the first model's. */
function ofAnother(request: ChatRequest): ChatRequest {
  const { api: _, ...parameters } = request.parameters;
  return { ...request, parameters };
}
