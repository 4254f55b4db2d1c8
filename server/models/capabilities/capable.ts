import type { Capabilities, ChatModel, ChatRequest, ModelWrapper, StreamPart } from "../model.ts";
import { heldUntilWhole } from "../held-until-whole.ts";
import { capableBatches } from "./capable-batches.ts";
import { refusalOf } from "./refusal-of.ts";
import { schemaInPrompt } from "./schema-in-prompt.ts";

/**
 * A model with what is known of it, which holds it to that: a request that it cannot answer is refused before it is sent, and a
 * schema that it does not take stands in its last message, also in a batch. One that does not stream is asked for whole answers.
 */
export function capable(capabilitiesOf: (model: ChatModel) => Capabilities): ModelWrapper {
  return (model) => {
    const { http, batches } = model;
    return {
      ...model,
      // Asked anew each time: a provider may have been asked for its models since.
      get capabilities() {
        return capabilitiesOf(model);
      },
      ...(model.keys === undefined ? {} : { keys: model.keys.map(capable(capabilitiesOf)) }),
      ...(http === undefined
        ? {}
        : {
            http: {
              ...http,
              post: (request: ChatRequest, images?: "read") =>
                http.post(schemaInPrompt(request, capabilitiesOf(model))?.request ?? request, images),
            },
          }),
      ...(batches === undefined ? {} : { batches: capableBatches(batches, model.name, () => capabilitiesOf(model)) }),
      async *stream(request, signal): AsyncIterable<StreamPart> {
        const capabilities = capabilitiesOf(model);
        const refusal = refusalOf(request, { name: model.name, capabilities });
        if (refusal !== null) throw refusal;
        const asked = schemaInPrompt(request, capabilities);
        const sent = asked?.request ?? request;
        const parts = model.stream(capabilities.streaming === false ? { ...sent, whole: true } : sent, signal);
        yield* asked === null || asked.streams ? parts : heldUntilWhole(parts, asked.unwrap);
      },
    };
  };
}
