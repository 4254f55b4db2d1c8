import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createGateway } from "#server/gateway/gateway.ts";
import { openRuntime } from "#server/runner/runtime.ts";

/** Sheaf's gateway in a process of its own, in front of the provider whose address is given; asked at its end how many calls its journal has. */
const [folder, provider, synchronous] = process.argv.slice(2) as [string, string, "full" | "normal"];
const runtime = await openRuntime({
  folder,
  environment: {
    PATH: process.env["PATH"],
    OPENAI_BASE_URL: `${provider}/v1`,
    OPENAI_API_KEY: "bench",
    SHEAF_SYNCHRONOUS: synchronous,
  },
});
const server = createServer(getRequestListener(createGateway(runtime).fetch));
server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on("message", async () => {
  server.closeAllConnections();
  await runtime.caller.settled();
  const { calls, cost, unpriced, unanswered } = await runtime.journal.usageSince(0);
  process.send!({ calls, cost, unpriced, unanswered });
  await runtime.close();
  process.exit(0);
});
