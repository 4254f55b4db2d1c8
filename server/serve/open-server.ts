import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { WebSocketServer, type WebSocket } from "ws";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { ApiContext } from "#server/api/context.ts";
import { appRouter } from "#server/api/router.ts";
import { exportSheetHandler } from "./export-sheet.ts";
import { createGateway } from "#server/gateway/gateway.ts";
import { createPublishApi } from "#server/publish/publish-api.ts";
import { safeHeaders } from "./safe-headers.ts";
import { foreign, onlySameMachine } from "./same-machine.ts";
import { staticApp } from "./static-app.ts";
import { fileLimit, keepInputFile, storedFile } from "./stored-files.ts";
import { uploadDataset } from "./upload-dataset.ts";

/** A server that listens. */
export interface OpenServer {
  readonly port: number;
  /** `http://localhost:PORT`. */
  readonly address: string;
  /** Ends connections and takes no more. */
  close(): Promise<void>;
}

export interface ServerSettings {
  readonly context: ApiContext;
  /** The folder of the built app. */
  readonly app: string;
  /** Takes the WebSocket of a command that was given to this server. */
  readonly onCommand?: (socket: WebSocket) => void;
  /** 0 for any free one. */
  readonly port: number;
}

/** The largest message of a page, bytes: a notebook with what pastes bring. */
const largestMessage = 64 * 1024 * 1024;

/** Listens on this machine's loopback: pages, their API over HTTP and one WebSocket a page. Rejects with `serve.port` where the port is taken. */
export async function openServer({ context, app, port, onCommand }: ServerSettings): Promise<OpenServer> {
  const hono = new Hono();
  hono.use(safeHeaders);
  hono.use(onlySameMachine);
  hono.use("/api/trpc/*", bodyLimit({ maxSize: largestMessage, onError: tooLarge }));
  hono.all("/api/trpc/*", (request) =>
    fetchRequestHandler({
      allowMethodOverride: true,
      endpoint: "/api/trpc",
      req: request.req.raw,
      router: appRouter,
      createContext: () => context,
    }),
  );
  hono.put("/api/datasets/*", uploadDataset(context));
  hono.get("/api/files/:hash{[0-9a-f]+}", storedFile(context));
  hono.put("/api/files", fileLimit, keepInputFile(context));
  hono.get("/api/export", exportSheetHandler(context));
  hono.route("/", createPublishApi(context));
  hono.route("/", createGateway(context.runtime));
  hono.get("*", staticApp(app));

  const server = createServer(getRequestListener(hono.fetch));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  const trpc = applyWSSHandler({
    wss: sockets,
    router: appRouter,
    createContext: () => context,
    keepAlive: { enabled: true, pingMs: 10_000, pongWaitMs: 10_000 },
  });
  server.on("upgrade", (request, socket: Duplex, head) => {
    const { host, origin } = request.headers;
    if (
      request.url === "/api/command" &&
      origin === undefined &&
      foreign(host, undefined) === null &&
      onCommand !== undefined
    ) {
      sockets.handleUpgrade(request, socket, head, onCommand);
      return;
    }
    if (foreign(host, origin) !== null || !request.url?.startsWith("/api/trpc")) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });
  const listening = await listen(server, port);
  return {
    port: listening,
    address: `http://localhost:${listening}`,
    async close() {
      trpc.broadcastReconnectNotification();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function tooLarge(context: Context): Response {
  const message = `a message of a page has at most ${largestMessage / 2 ** 20} MB`;
  return context.json({ error: { code: "http.too-large", message } }, 413);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new SheafError("serve.port", `port ${port} is in use`, {
              cure: "Another Sheaf may be running: open it, or name a port with `--port`.",
            })
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
