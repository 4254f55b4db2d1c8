import { createServer, type IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { AddressInfo } from "node:net";

/** What the server does with one request. */
export interface Script {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  /** The body, in the pieces in which it is written. */
  readonly chunks: readonly (string | Uint8Array)[];
  /** Milliseconds between pieces; 0 writes them at once. */
  readonly pause?: number;
  /** `end` ends the body, `hang` leaves it open, `cut` destroys the socket. */
  readonly after?: "end" | "hang" | "cut";
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly [member: string]: unknown };
  /** Resolves when the connection was closed by the other side before the answer was complete. */
  readonly abandoned: Promise<void>;
}

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** The scripts of the requests that follow, one after another; the last of them until others are set. */
  play(...scripts: readonly Script[]): void;
  close(): Promise<void>;
}

/** An HTTP server on this machine that answers by a script and keeps what it was asked. */
export async function scriptedServer(): Promise<ScriptedServer> {
  let scripts: readonly Script[] = [{ status: 500, chunks: ["no script"] }];
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { status = 200, headers = {}, chunks, pause = 0, after = "end" } = scripts[0]!;
    if (scripts.length > 1) scripts = scripts.slice(1);
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const abandoned = new Promise<void>((resolve) => {
      response.once("close", () => {
        if (!response.writableFinished) resolve();
      });
    });
    requests.push({ path: request.url ?? "", headers: request.headers, body: text === "" ? {} : JSON.parse(text), abandoned });
    response.socket?.setNoDelay(true);
    response.writeHead(status, { "content-type": "text/event-stream", "x-request-id": "request-1", ...headers });
    response.flushHeaders();
    for (const chunk of chunks) {
      if (response.destroyed) return;
      response.write(chunk);
      if (pause > 0) await sleep(pause);
    }
    if (after === "end") response.end();
    else if (after === "cut") setImmediate(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    play: (...next) => void (scripts = next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** An address on this machine where nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = await scriptedServer();
  await server.close();
  return server.url;
}
