import { Pool } from "undici";
import { median } from "./figure.ts";

/**
 * Sends requests to a server from a process of its own, so many connections at once, each request with another input, and tells how
 * many a second were answered and how long each took. Told what to do by its parent (`endpoint.ts`, `gateway.ts`).
 */
export interface Load {
  readonly origin: string;
  readonly path: string;
  /** The body, in which `{}` is the number of the input. */
  readonly body: string;
  readonly headers?: { readonly [name: string]: string };
  readonly connections: number;
  /** Distinct inputs; each is sent `rounds` times, in order. */
  readonly inputs: number;
  readonly rounds: number;
}

/** What was measured: requests a second, and milliseconds a request. */
export interface Loaded {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

process.on("message", (load: Load) => void run(load).then((loaded) => process.send!(loaded)));

async function run({
  origin,
  path,
  body: template,
  headers: more,
  connections,
  inputs,
  rounds,
}: Load): Promise<Loaded> {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const headers = { "content-type": "application/json", ...more };
  const times: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < inputs * rounds) {
      const body = template.replace("{}", String(next++ % inputs));
      const start = performance.now();
      const { statusCode, body: answer } = await pool.request({ path, method: "POST", headers, body });
      const text = await answer.text();
      times.push(performance.now() - start);
      if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, caller));
  const rate = (times.length * 1_000) / (performance.now() - start);
  await pool.close();
  times.sort((left, right) => left - right);
  return { rate, p50: median(times), p99: times[Math.floor(times.length * 0.99)]! };
}
