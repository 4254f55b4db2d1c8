import type { ModelBatches, SentInBatch } from "../batches/model-batches.ts";
import type { Capabilities } from "../model.ts";
import { refusalOf } from "./refusal-of.ts";
import { schemaInPrompt, type AskedInWords } from "./schema-in-prompt.ts";

/**
 * The batches of a model, held to what is known of it as its calls are: what it cannot answer is refused before it is sent, and a schema
 * that it does not take stands in its last message. An answer is read by how it was asked for, whatever is known by then.
 */
export function capableBatches(batches: ModelBatches, name: string, capabilitiesOf: () => Capabilities): ModelBatches {
  return {
    ...batches,
    async line({ id, request }) {
      const capabilities = capabilitiesOf();
      const refusal = refusalOf(request, { name, capabilities });
      if (refusal !== null) throw refusal;
      const asked = schemaInPrompt(request, capabilities);
      if (asked === null) return batches.line({ id, request });
      const line = await batches.line({ id, request: asked.request });
      return { ...line, inWords: { jsonObject: capabilities.jsonObject === true } };
    },
    async *results(batch, { sentOf }, signal) {
      const inside = (id: string): SentInBatch | undefined => {
        const sent = sentOf(id);
        const asked = askedInWords(sent);
        return asked === null ? sent : { request: asked.request };
      };
      for await (const { id, end } of batches.results(batch, { sentOf: inside }, signal)) {
        const asked = id === null ? null : askedInWords(sentOf(id));
        const isRead = asked !== null && !asked.streams && end.state === "done";
        yield { id, end: isRead ? { ...end, text: asked.unwrap(end.text) } : end };
      }
    },
  };
}

function askedInWords(sent: SentInBatch | undefined): AskedInWords | null {
  if (sent?.inWords === undefined) return null;
  return schemaInPrompt(sent.request, { jsonSchema: false, ...sent.inWords });
}
