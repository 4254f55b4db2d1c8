import { toAnswerSchema } from "./answer-schema.ts";
import { heldUntilWhole } from "./held-until-whole.ts";
import type { ModelWrapper } from "./model.ts";

/** A model that answers with an object where a schema had to be put in one, and is read as what stands in it. */
export const unwrapped: ModelWrapper = (model) => ({
  ...model,
  stream(request, signal) {
    const schema = toAnswerSchema(request.schema);
    const parts = model.stream(request, signal);
    return schema?.wrapped ? heldUntilWhole(parts, schema.unwrap) : parts;
  },
});
