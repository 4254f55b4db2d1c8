import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What was asked: `POST /v1/batches`, and the body as it came. */
export interface AskedOfBatches {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What is answered: a status, and a body that is sent as it is or as JSON. */
export interface BatchAnswer {
  readonly status?: number;
  readonly body: unknown;
  /** Milliseconds after each line of it. */
  readonly pause?: number;
}

export interface BatchServer extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly AskedOfBatches[];
  /** Answers by the request's line, or to what is asked; what is not there is a 404. */
  answers: { readonly [line: string]: BatchAnswer } | ((asked: AskedOfBatches) => BatchAnswer | undefined);
}

/** A server on this machine that answers as the providers' documentation has it (hand-made after it). */
export async function batchServer(): Promise<BatchServer> {
  const asked: AskedOfBatches[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const line = `${request.method} ${request.url}`;
    const one = { line, headers: request.headers, body };
    asked.push(one);
    const { answers } = made;
    const found = typeof answers === "function" ? answers(one) : answers[line];
    const { status = 200, body: answer, pause } = found ?? { status: 404, body: { error: { message: line } } };
    response.writeHead(status, { "content-type": typeof answer === "string" ? "text/plain" : "application/json" });
    const text = typeof answer === "string" ? answer : JSON.stringify(answer);
    for (const line of pause === undefined ? [text] : text.split(/(?<=\n)/)) {
      response.write(line);
      if (pause !== undefined) await sleep(pause);
    }
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const made: BatchServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers: {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return made;
}
