import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A provider that answers OpenAI's chat completions at once, from a process of its own: whole or streamed, as it is asked. A request whose
 * text has `Hold` gets its first words and no more; when its reader goes, the parent is told the time (milliseconds since 1970).
 */
const head = { id: "chatcmpl-mock", created: 1, model: "mock" };
const text = "It is on its way: a card takes five working days.";
const usage = { prompt_tokens: 20, completion_tokens: 12, total_tokens: 32 };
const whole = JSON.stringify({
  ...head,
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage,
});
const chunk = (more: object): string =>
  `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...more })}\n\n`;
const beginning = chunk({ choices: [{ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }] });
const streamed = `${beginning}${chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}${chunk({ choices: [], usage })}data: [DONE]\n\n`;

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => (body += part.toString()));
  request.on("end", () => answer(body, response));
});

function answer(body: string, response: ServerResponse): void {
  const { stream, messages } = JSON.parse(body) as {
    readonly stream?: boolean;
    readonly messages: readonly { readonly content: string }[];
  };
  if (stream !== true) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(whole);
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const held = /Hold (\d+)/.exec(messages.at(-1)!.content);
  if (held === null) {
    response.end(streamed);
    return;
  }
  response.write(beginning);
  response.on("close", () => process.send!({ left: Number(held[1]), at: Date.now() }));
}

server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
