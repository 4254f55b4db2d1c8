import { fork, type ChildProcess, type ForkOptions } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import type { Load, Loaded } from "./endpoint-load.ts";
import { median, report, skip } from "./figure.ts";

/**
 * What a call costs beyond its provider: requests to a provider that answers at once, asked directly, through Sheaf's `/v1`, and through
 * Portkey's gateway where it is installed (`npm ci --prefix bench/rivals`), each in a process of its own, in turns of one run. Sheaf's
 * calls are in the journal with their price before they are answered, two committed writes a call, at either level of durability
 * (`SHEAF_SYNCHRONOUS`); Portkey's are kept nowhere. A cell's call is looked for in the journal first (`x-sheaf-cache: use`), and those inputs are new in each round. Then 1,000 streams are left in the middle: the time until the provider's connection is closed.
 */
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const portkey = file("rivals/node_modules/@portkey-ai/gateway/build/start-server.js");
const levels = [
  { synchronous: "full", words: "on the disk (synchronous=FULL)" },
  { synchronous: "normal", words: "kept by the system (synchronous=NORMAL)" },
] as const;
const inputs = 3_000;
const rounds = 5;
const streams = 1_000;

interface Way {
  readonly name: string;
  readonly origin: string;
  readonly headers: { readonly [name: string]: string };
}

const children: ChildProcess[] = [];
function start(script: string, parameters: readonly string[] = [], options: ForkOptions = {}): ChildProcess {
  const child = fork(script, parameters, options);
  children.push(child);
  return child;
}
const portOf = async (child: ChildProcess): Promise<string> => {
  const [{ port }] = (await once(child, "message")) as [{ readonly port: number }];
  return `http://127.0.0.1:${port}`;
};

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const provider = start(file("mock-provider.ts"));
try {
  const origin = await portOf(provider);
  const gateways = await Promise.all(
    levels.map(async ({ synchronous, words }) => {
      const child = start(file("gateway-server.ts"), [join(folder, synchronous), origin, synchronous]);
      const way: Way = { name: `Sheaf ${synchronous}`, origin: await portOf(child), headers: {} };
      return { child, way, words };
    }),
  );
  const direct: Way = { name: "the provider itself", origin, headers: {} };
  const rival = existsSync(portkey) ? await startPortkey(origin) : null;
  const asCells = gateways.map(({ way }): Way => ({
    ...way,
    name: `${way.name}, looked for`,
    headers: { "x-sheaf-cache": "use" },
  }));
  const ways = [direct, ...gateways.map(({ way }) => way), ...asCells, ...(rival === null ? [] : [rival])];
  const load = start(file("endpoint-load.ts"));

  const measure = async (
    { name, origin, headers }: Way,
    connections: number,
    inputs: number,
    round: number,
  ): Promise<Loaded> => {
    const model = name.startsWith("Sheaf") ? "openai/gpt-5-mini" : "gpt-5-mini";
    const messages = [
      {
        role: "user",
        content: `${"My card still has not arrived, where is it? ".repeat(14)}${name} ${round} ${connections} {}`,
      },
    ];
    const body = JSON.stringify({ model, messages });
    load.send({ origin, path: "/v1/chat/completions", body, headers, connections, inputs, rounds: 1 } satisfies Load);
    const [loaded] = (await once(load, "message")) as [Loaded];
    return loaded;
  };
  const measured = new Map<string, Loaded[]>();
  const figure = (way: Way, connections: number, of: keyof Loaded): number =>
    median(measured.get(`${way.name} ${connections}`)!.map((loaded) => loaded[of]));
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1)
    for (const connections of [1, 64])
      for (const way of ways) {
        const loaded = await measure(way, connections, connections === 1 ? inputs / 6 : inputs, round);
        const name = `${way.name} ${connections}`;
        if (round > 0) measured.set(name, [...(measured.get(name) ?? []), loaded]);
      }

  for (const which of ["p50", "p99"] as const) {
    const bare = { what: "the provider itself", figure: figure(direct, 1, which) };
    const bound = which === "p50" ? 1 : 5;
    for (const { way, words } of gateways)
      report({
        what: `a call through the gateway at 1 connection, journal and price ${words}, ${which}`,
        unit: "ms",
        ours: figure(way, 1, which),
        bare,
        goal: { of: "difference", is: "under", bound },
      });
    for (const [index, way] of asCells.entries())
      report({
        what: `as a cell's, looked for in the journal first, ${gateways[index]!.words}, ${which}`,
        unit: "ms",
        ours: figure(way, 1, which),
        bare,
      });
    if (rival !== null)
      report({
        what: `the same through Portkey, nothing kept, ${which}`,
        unit: "ms",
        ours: figure(rival, 1, which),
        bare,
      });
  }
  const bare = { what: "the provider itself", figure: figure(direct, 64, "rate") };
  for (const { way, words } of gateways)
    report({
      what: `calls through the gateway at 64 connections, journal and price ${words}`,
      unit: "requests/s",
      ours: figure(way, 64, "rate"),
      bare,
      goal: { of: "ours", is: "at least", bound: 2_000 },
    });
  for (const [index, way] of asCells.entries())
    report({
      what: `as cells', looked for in the journal first, ${gateways[index]!.words}`,
      unit: "requests/s",
      ours: figure(way, 64, "rate"),
      bare,
    });
  if (rival === null) skip("Portkey's gateway", "it is not installed: npm ci --prefix bench/rivals");
  else
    report({
      what: "the same through Portkey, nothing kept",
      unit: "requests/s",
      ours: figure(rival, 64, "rate"),
      bare,
    });

  const times = await leaveStreams(gateways[0]!.way);
  report({
    what: `until the provider's connection is closed after a stream's reader left, the slowest of ${times.length}`,
    unit: "ms",
    ours: Math.max(...times),
    bare: null,
    goal: { of: "ours", is: "under", bound: 100 },
  });

  for (const [index, { child, way }] of gateways.entries()) {
    child.send("end");
    const [kept] = (await once(child, "message")) as [
      { readonly calls: number; readonly unpriced: number; readonly unanswered: number },
    ];
    const expected = 2 * (rounds + 1) * (inputs + inputs / 6) + (index === 0 ? streams : 0);
    if (kept.calls !== expected || kept.unanswered > 0)
      throw new Error(
        `the journal of ${way.name} has ${kept.calls} calls and not ${expected}, ${kept.unanswered} of them without an end`,
      );
  }
} finally {
  for (const child of children) child.kill();
  await rm(folder, { recursive: true });
}

/** Portkey's gateway on this machine's loopback, told with each request where the provider is. */
async function startPortkey(provider: string): Promise<Way> {
  const port = await freePort();
  const child = start(portkey, ["--headless", `--port=${port}`], {
    execArgv: ["--import", new URL("rivals/loopback.mjs", import.meta.url).href],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
  });
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 100) throw new Error("Portkey's gateway did not start");
    const answers = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (answers) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const headers = {
    authorization: "Bearer bench",
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `${provider}/v1`,
  };
  return { name: "Portkey", origin, headers };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Milliseconds between a reader's leaving and the end of the provider's connection, for so many streams one after another. */
async function leaveStreams({ origin }: Way): Promise<readonly number[]> {
  const pool = new Pool(origin, { connections: 16 });
  const times: number[] = [];
  const left = new Map<number, (at: number) => void>();
  provider.on("message", (message: { readonly left?: number; readonly at?: number }) => {
    if (message.left !== undefined) left.get(message.left)?.(message.at!);
  });
  for (let index = 0; index < streams; index += 1) {
    const gone = new Promise<number>((resolve) => left.set(index, resolve));
    const leave = new AbortController();
    const messages = [{ role: "user", content: `Hold ${index}` }];
    const { body } = await pool.request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "openai/gpt-5-mini", messages, stream: true }),
      signal: leave.signal,
    });
    body.on("error", () => {});
    for await (const part of body) if (String(part).includes("It is on its way")) break;
    const at = Date.now();
    leave.abort();
    times.push((await gone) - at);
  }
  await pool.close();
  return times;
}
