import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openJournal } from "#server/store/open-journal.ts";
import { wrongCost, type BookedCall } from "./helpers/booked-costs.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const usage = { input: 300_000, output: 1_000, cachedInput: 100_000, cacheWrite: null };
const tiered = (base: number, above: number) => ({ base, tiers: [{ start: 271_999, price: above }] });
const rates = { input_mtok: tiered(0.2, 0.4), cache_read_mtok: tiered(0.02, 0.04), output_mtok: tiered(1.2, 1.8) };

test.each<[string, BookedCall, boolean]>([
  ["tiers and cached tokens", { usage, cost: 0.0858, price: { source: "genai-prices", rates } }, true],
  ["a tier that is missed", { usage, cost: 0.0432, price: { source: "genai-prices", rates } }, false],
  ["own rates", { usage, cost: 0.601, price: { source: "workspace", rates: { input: 2, output: 1 } } }, true],
  [
    "own rates that are missed",
    { usage, cost: 0.6, price: { source: "workspace", rates: { input: 2, output: 1 } } },
    false,
  ],
  [
    "sound with a rate of its own",
    {
      usage: { ...usage, cachedInput: null, input: 1_000_000, output: 0, audio: 400_000, outputAudio: 0 },
      cost: 0.6 + 4,
      price: { source: "genai-prices", rates: { input_mtok: 1, output_mtok: 2, input_audio_mtok: 10 } },
    },
    true,
  ],
  ["an unknown price", { usage, cost: null, price: { source: null } }, true],
  ["a cost without a price", { usage, cost: 0.1, price: { source: null } }, false],
  ["a cost of what is free", { usage, cost: 0.1, price: { source: "free" } }, false],
  ["nothing for what has a price", { usage, cost: null, price: { source: "genai-prices", rates } }, false],
])("a call's cost is worked out anew from its usage and price: %s", (_, call, isRight) => {
  expect(wrongCost(call) === null).toBe(isRight);
});

test("a wrong cost in any journal of the suite fails the test that made it", async () => {
  const folder = await temporaryFolder();
  const journal = await openJournal({ folder: folder.path, workspace: "here" });
  const id = await journal.begin({
    key: "key",
    notebook: "a.md",
    address: "a",
    step: 0,
    run: "run",
    model: "openai/gpt-5-mini",
    request: null,
    sentAt: 1,
  });
  await journal.finish(id, {
    state: "done",
    endedAt: 2,
    text: "Hello",
    usage: { input: 1_000, output: 100 },
    cost: 0.0003,
    price: { source: "workspace", rates: { input: 0.1, output: 1 } },
  });
  await journal.close();
  // More than the usage and the rates come to.
  expect(
    new DatabaseSync(join(folder.path, "journal.sqlite")).prepare("select count(*) as n from calls").get(),
  ).toEqual({
    n: 1,
  });
  await expect(folder[Symbol.asyncDispose]()).rejects.toThrow(/call 1 is booked with 0\.0003, .* comes to 0\.0002/);
});
