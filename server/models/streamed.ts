import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { Usage } from "#server/notebook/services.ts";
import type { CallAttempt, CallEnd } from "#server/store/journal.ts";
import { believedUsage } from "./believed-usage.ts";
import { endWithoutKeys } from "./key-filter.ts";
import { ModelError, type ModelErrorFacts } from "./model-error.ts";
import { modelName } from "./model-name.ts";
import { gatherFacts, type Members } from "./provider-facts.ts";
import type { Send } from "./sender.ts";
import { shortHash } from "./short-hash.ts";
import type { StreamPart } from "./model.ts";

/**
 * The innermost `Send`: reads a model's stream to its end. The text that came is kept however it ended, also of
 * one that is read only when it is whole, and so is the usage known by then. What the model thought, and the attempts
 * before the last, are kept apart from the text; keys that the provider sends back are not kept. Prices are not its business.
 */
export function streamed(clock: () => number): Send {
  return async ({ model, others = [], request }, signal, onText) => {
    const sentAt = clock();
    let text = "";
    let held = "";
    let firstTextAt: number | undefined;
    let reasoning = "";
    const attempts: CallAttempt[] = [];
    let keyNumber: number | undefined;
    let { keyHash } = model;
    let requestId: string | undefined;
    let response: Members | undefined;
    let usage: Usage = {};
    let finish: Extract<StreamPart, { type: "finish" }> | undefined;
    const filters = [model, ...others].map(({ withoutKeys }) => withoutKeys);
    const end = (state: CallEnd["state"], more: Partial<CallEnd> = {}): CallEnd => {
      const said: CallEnd = {
        state,
        endedAt: clock(),
        text: text === "" && state !== "done" ? held : text,
        usage,
        cost: null,
        price: null,
        ...(firstTextAt === undefined ? {} : { firstTextAt }),
        ...(reasoning === "" ? {} : { reasoning }),
        ...(attempts.length === 0 ? {} : { attempts }),
        ...(keyNumber === undefined ? {} : { keyNumber }),
        ...(keyHash === undefined ? {} : { keyHash: shortHash(keyHash) }),
        ...(requestId === undefined ? {} : { requestId }),
        ...(response === undefined ? {} : { response }),
        ...more,
      };
      return endWithoutKeys(said, filters);
    };
    try {
      for await (const part of model.stream(request, signal)) {
        if (finish !== undefined) throw new ModelError("model.failed", `${model.name} went on after its answer's end`);
        switch (part.type) {
          case "text":
            firstTextAt ??= clock();
            text += part.text;
            onText(text);
            break;
          case "held":
            firstTextAt ??= clock();
            held += part.text;
            break;
          case "usage":
            usage = part.usage;
            break;
          case "finish":
            usage = part.usage;
            response = part.raw ?? response;
            finish = part;
            break;
          case "reasoning":
            reasoning += part.text;
            break;
          case "attempt":
            // What ended an attempt from outside, as a limit of time, knows nothing of its request.
            attempts.push({ ...(requestId === undefined ? {} : { requestId }), ...part.attempt });
            requestId = response = undefined;
            // Another provider has keys of its own.
            if (part.attempt.next !== undefined) {
              keyNumber = undefined;
              keyHash = others.find(({ name }) => name === part.attempt.next)?.keyHash;
            }
            break;
          case "key":
            keyNumber = part.number;
            keyHash = part.hash;
            break;
          case "head":
            requestId = part.requestId ?? requestId;
            response = part.raw ?? response;
            break;
        }
      }
      if (finish === undefined)
        throw new ModelError("model.truncated", `the answer of ${model.name} broke off`, { cure: "Run it again." });
    } catch (thrown) {
      if (signal.aborted) return { sentAt, cached: false, end: end("cancelled"), thrown: signal.reason };
      const facts: ModelErrorFacts = thrown instanceof ModelError ? thrown.facts : {};
      requestId = facts.requestId ?? requestId;
      response = facts.response === undefined ? response : joined(response, facts.response);
      const error = toCellError(thrown);
      return {
        sentAt,
        cached: false,
        end: end(error.code === "model.truncated" ? "truncated" : "failed", { error }),
        thrown,
      };
    }
    const answeredBy = modelName(finish.model);
    usage = believedUsage(usage, text);
    return {
      sentAt,
      cached: false,
      end: end("done", { finish: finish.reason, ...(answeredBy === undefined ? {} : { answeredBy }) }),
    };
  };
}

/** What the provider said before and with a failure, within the bounds of one. */
function joined(before: Members | undefined, said: Members): Members | undefined {
  const facts = gatherFacts();
  facts.add(before ?? {});
  facts.add(said);
  return facts.part().raw;
}
