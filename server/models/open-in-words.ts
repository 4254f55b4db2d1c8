import { toAnswerSchema } from "./answer-schema.ts";
import type { BatchRequest } from "./batches/model-batches.ts";
import { schemaInPrompt, type AskedInWords } from "./capabilities/schema-in-prompt.ts";
import { heldUntilWhole } from "./held-until-whole.ts";
import type { ChatRequest, ModelWrapper } from "./model.ts";

const inWords = { jsonObject: false } as const;

/** A model whose provider takes only schemas that are closed in all their parts: an open one stands in the last message, also in a batch. */
export const openInWords: ModelWrapper = (model) => {
  const { http, batches } = model;
  return {
    ...model,
    ...(http === undefined
      ? {}
      : {
          http: {
            ...http,
            post: (request: ChatRequest, images?: "read") => http.post(askedFor(request)?.request ?? request, images),
          },
        }),
    ...(batches === undefined
      ? {}
      : {
          batches: {
            ...batches,
            async line({ id, request }: BatchRequest) {
              const asked = askedFor(request);
              const line = await batches.line({ id, request: asked?.request ?? request });
              return asked === null ? line : { ...line, inWords };
            },
          },
        }),
    stream(request, signal) {
      const asked = askedFor(request);
      const parts = model.stream(asked?.request ?? request, signal);
      return asked === null ? parts : heldUntilWhole(parts, asked.unwrap);
    },
  };
};

function askedFor(request: ChatRequest): AskedInWords | null {
  return toAnswerSchema(request.schema)?.open === true
    ? schemaInPrompt(request, { jsonSchema: false, ...inWords })
    : null;
}
