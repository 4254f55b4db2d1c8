import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCaller } from "#server/models/caller.ts";
import { createModels } from "#server/models/index.ts";
import { openJournal } from "#server/store/open-journal.ts";
import { median, report } from "./figure.ts";

/**
 * What a call costs beside the model: `echo/text` read bare, and the same through the caller with its journal on disk (two
 * committed writes a call), its prices, limits and sharing. Milliseconds a call at 64 calls at once.
 */
const calls = 5_000;
const atOnce = 64;
const words = "My card still has not arrived, where is it? ".repeat(15);

const models = createModels({ environment: {}, fetch, endpoints: {} });
const echo = models.chatModel("echo/text");

async function bare(content: string): Promise<string> {
  let text = "";
  const stream = echo.stream({ messages: [{ role: "user", content }], parameters: {} }, new AbortController().signal);
  for await (const part of stream) if (part.type === "text") text += part.text;
  return text;
}

async function perCall(run: (content: string) => Promise<unknown>, from: number): Promise<number> {
  let next = from;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (next < from + calls) await run(`${words}${next++}`);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (performance.now() - start) / calls;
}

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const journal = await openJournal({ folder, workspace: "bench" });
try {
  const caller = createCaller({ resolve: models.chatModel, journal, clock: Date.now });
  const through = (content: string): Promise<unknown> =>
    caller.chat(
      {
        model: "echo/text",
        messages: [{ role: "user", content }],
        parameters: {},
        address: { cell: "bench", at: {} },
        step: 0,
        repeat: 0,
      },
      { notebook: "bench.md", run: "bench" },
    );
  const times = { alone: [] as number[], whole: [] as number[], cached: [] as number[] };
  for (let round = 0; round < 4; round += 1) {
    const alone = await perCall(bare, round * calls);
    const whole = await perCall(through, round * calls);
    const cached = await perCall(through, round * calls);
    // The first round warms up.
    if (round === 0) continue;
    times.alone.push(alone);
    times.whole.push(whole);
    times.cached.push(cached);
  }
  const alone = { what: `the model alone, ${atOnce} at once`, figure: median(times.alone) };
  report({ what: "a call of echo through the caller", unit: "ms a call", ours: median(times.whole), bare: alone });
  report({ what: "a call answered from the journal", unit: "ms a call", ours: median(times.cached), bare: alone });
} finally {
  await journal.close();
  await rm(folder, { recursive: true });
}
