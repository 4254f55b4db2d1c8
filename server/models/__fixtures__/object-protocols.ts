import { anthropicProtocol, openaiProtocol, type Protocol } from "./protocols.ts";

/** An answer that is one object: that it begins with `head`, and goes on with `rest`, or with what is not as it should be. */
function objectProtocol(head: object, rest: object, wrong: object, kin: Protocol): Protocol {
  const text = JSON.stringify({ ...head, ...rest });
  const goOn = (members: object): string => JSON.stringify(members).slice(1);
  return {
    ...kin,
    answer: () => text,
    whole: () => text,
    unfinished: () => `${JSON.stringify(head).slice(0, -1)},`,
    errorEvent: goOn({ error: { message: "The server had an error", type: "server_error" } }),
    emptyEvent: goOn(wrong),
  };
}

/** OpenAI's vectors of two texts. */
export const embeddingsProtocol = objectProtocol(
  { object: "list", model: "text-embedding-3-small" },
  {
    data: [
      { object: "embedding", index: 0, embedding: [1, 0] },
      { object: "embedding", index: 1, embedding: [0, 1] },
    ],
    usage: { prompt_tokens: 12, total_tokens: 12 },
  },
  { data: [{ index: 0, embedding: [1, 0] }, null] },
  openaiProtocol,
);

/** A file of OpenAI's that was put there. */
export const fileProtocol = objectProtocol(
  { object: "file", purpose: "batch", filename: "batch.jsonl" },
  { id: "file-in", created_at: 1_711_471_533 },
  { id: null },
  openaiProtocol,
);

/** A batch of OpenAI's that has ended. */
export const openaiBatchProtocol = objectProtocol(
  { object: "batch", endpoint: "/v1/chat/completions", created_at: 1_711_471_533 },
  { id: "batch_1", status: "completed", completed_at: 1_711_493_163, output_file_id: "out" },
  { id: null, status: null },
  openaiProtocol,
);

/** And one of Anthropic's. */
export const anthropicBatchProtocol = objectProtocol(
  { type: "message_batch", created_at: "2024-09-24T18:37:24.100Z" },
  {
    ...{ id: "batch_1", processing_status: "ended", ended_at: "2024-09-24T19:00:00.000Z" },
    request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
  },
  { id: null, processing_status: null },
  anthropicProtocol,
);

/** A file of results of two requests, `one` and `two`, each with these members, or with what is not as it should be. */
function linesProtocol(members: object, wrong: object, kin: Protocol): Protocol {
  const [one, two] = ["one", "two"].map((id) => JSON.stringify({ custom_id: id, ...members }));
  const all = `${one}\n${two}\n`;
  return {
    ...kin,
    answer: () => all,
    whole: () => all,
    unfinished: () => `${one}\n{"custom_id":"two",`,
    errorEvent: `${JSON.stringify(wrong).slice(1)}\n${JSON.stringify({ error: { message: "The server had an error" } })}\n`,
    emptyEvent: `${JSON.stringify(wrong).slice(1)}\n`,
  };
}

export const openaiResultsProtocol = linesProtocol(
  { response: { status_code: 200, body: JSON.parse(openaiProtocol.whole(["Good"])) as object } },
  { response: { status_code: 500, body: null } },
  openaiProtocol,
);

export const anthropicResultsProtocol = linesProtocol(
  { result: { type: "succeeded", message: JSON.parse(anthropicProtocol.whole(["Good"])) as object } },
  { result: null },
  anthropicProtocol,
);
