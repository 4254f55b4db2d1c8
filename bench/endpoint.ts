import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createPublishApi } from "#server/publish/publish-api.ts";
import { openPublishing } from "#server/publish/publishing.ts";
import { openRuntime } from "#server/runner/runtime.ts";
import type { Load, Loaded } from "./endpoint-load.ts";
import { median, report } from "./figure.ts";

/**
 * A published notebook under load, beside a bare Hono handler that reads the same body and answers with a constant: 10,000
 * distinct inputs whose calls are in the journal, over 64 connections from another process, a record kept of each request and
 * no answer remembered. Goal: at least 1,500 requests/s.
 */
const connections = 64;
const inputs = 10_000;
const rounds = 5;
const body = JSON.stringify({ inputs: { message: "My card {} still has not arrived, where is it?" } });

const notebook = `---
sheaf: 1
inputs: { message: string }
outputs: [topic]
---

\`\`\`data known
text,topic
Where is my card?,card_arrival
What is the rate?,exchange_rate
\`\`\`

\`\`\`sql topics
select string_agg(distinct topic, ', ' order by topic) as names from known
\`\`\`

\`\`\`template asked
Topics: {{ topics[0].names }}
Message: {{ message }}
\`\`\`

\`\`\`prompt topic
---
model: echo/last
max_tokens: 20
---
system:
You route messages to a bank. Answer with the topic alone.

user:
{{ asked }}
\`\`\`
`;

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const runtime = await openRuntime({ folder, environment: { PATH: process.env["PATH"] } });
const publishing = openPublishing({ runtime });
const app = new Hono();
app.post("/bare", async (context) => {
  await context.req.json();
  return context.json({ outputs: { topic: "card_arrival" }, outcome: "done" });
});
app.route("/", createPublishApi({ runtime, publishing }));
const server = createAdaptorServer({ fetch: app.fetch });
const load = fork(fileURLToPath(new URL("endpoint-load.ts", import.meta.url)));
try {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await publishing.publications.publish({ notebook: "bench.md", text: notebook });

  const measure = async (path: string): Promise<Loaded> => {
    load.send({ origin, path, body, connections, inputs, rounds: 1 } satisfies Load);
    const [loaded] = (await once(load, "message")) as [Loaded];
    return loaded;
  };
  // The first rounds make the calls and warm up.
  await measure("/api/run/bench");
  await measure("/bare");
  const ours: Loaded[] = [];
  const bare: Loaded[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measure("/api/run/bench"));
    bare.push(await measure("/bare"));
  }
  const records = await runtime.store.requests.list("bench", (rounds + 1) * inputs + 1);
  const made = records.reduce((sum, { callsMade }) => sum + callsMade, 0);
  if (records.length !== (rounds + 1) * inputs || made !== inputs)
    throw new Error(`there are ${records.length} records of ${made} calls`);
  const of = (all: readonly Loaded[], figure: keyof Loaded): number => median(all.map((loaded) => loaded[figure]));
  report({
    what: `requests to a published notebook answered from the journal, ${connections} connections`,
    unit: "requests/s",
    ours: of(ours, "rate"),
    bare: { what: "a bare Hono handler", figure: of(bare, "rate") },
    goal: { of: "ours", is: "at least", bound: 1_500 },
  });
  for (const figure of ["p50", "p99"] as const)
    report({
      what: `the same, ${figure}`,
      unit: "ms",
      ours: of(ours, figure),
      bare: { what: "a bare Hono handler", figure: of(bare, figure) },
    });
} finally {
  load.kill();
  server.close();
  await publishing.close();
  await runtime.close();
  await rm(folder, { recursive: true });
}
