import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerText, faults, faultServer, type FaultName } from "#server/models/__fixtures__/fault-server.ts";
import { seededRandom } from "#server/models/calling/__fixtures__/seeded-random.ts";
import { createCalling } from "#server/models/calling/create-calling.ts";
import { systemTimers } from "#server/models/calling/timers.ts";
import { createCaller } from "#server/models/caller.ts";
import { createModels } from "#server/models/index.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import { openJournal } from "#server/store/open-journal.ts";
import { report } from "./figure.ts";

/**
 * What becomes of 20,000 rows at a provider on this machine three in ten of whose answers are faulty, in every way the tests know but
 * for those that hold all others up (a demand to wait) or move gigabytes: through the whole door, with its journal on disk and short
 * limits of time. Each is to come to an end in the journal, a good one only with the whole text, and nothing is to be sent again
 * that need not.
 */
const calls = 20_000;
const atOnce = 200;
const share = 0.3;
const limits = { firstPart: 500, idle: 500, total: 2_000 };
const leftOut = /huge Retry-After|a date as|gigabyte|50 MB|now and then/;
/** After these a request may be sent again: nothing of an answer came. */
const repeatable =
  /^429|^5\d\d|reset after the headers|silence before|silence after|bytes that are no text|200 with a page|200 with nothing/;

const kinds = (Object.keys(faults) as FaultName[]).filter((name) => name !== "a good answer" && !leftOut.test(name));
const random = seededRandom(5);
const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const journal = await openJournal({ folder, workspace: "bench" });
let faulty = 0;
let needed = 0;
const provider = await faultServer(() => {
  if (random() >= share) return "a good answer";
  const kind = kinds[Math.floor(random() * kinds.length)]!;
  faulty += 1;
  if (repeatable.test(kind)) needed += 1;
  return kind;
});
try {
  const models = createModels({
    environment: { OPENAI_API_KEY: "bench", OPENAI_BASE_URL: `${provider.url}/v1` },
    fetch: createLightFetch(),
    endpoints: {},
  });
  const calling = createCalling({
    timers: systemTimers(),
    random,
    timeLimits: () => limits,
    retryRules: { attempts: { interactive: 6, batch: 6 }, base: 10, cap: 100, longest: 1_000 },
  });
  const caller = createCaller({ resolve: models.chatModel, journal, clock: Date.now, calling });
  const ends = { good: 0, failed: 0, wrong: 0 };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) {
      const row = (next += 1);
      const message = { role: "user" as const, content: `row ${row}` };
      const asked = { model: "openai/gpt-5-mini", messages: [message], parameters: { seed: 1 }, step: 0, repeat: 0 };
      await caller
        .chat(
          { ...asked, address: { cell: "bench", at: { row: String(row) } } },
          { notebook: "bench.md", run: "bench", priority: "batch" },
        )
        .then(
          ({ text }) => (ends[text === answerText ? "good" : "wrong"] += 1),
          () => (ends.failed += 1),
        );
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - began) / 1_000;

  let kept = 0;
  let ended = 0;
  let done = 0;
  for (let after = 0; ;) {
    const page = await journal.ledger({ after, limit: 1_000 });
    if (page.length === 0) break;
    after = page.at(-1)!.id;
    kept += page.length;
    ended += page.filter(({ state }) => state !== null).length;
    done += page.filter(({ state }) => state === "done").length;
  }
  const extra = provider.requests() - calls;
  console.log(
    `${calls} calls in ${seconds.toFixed(1)} s: ${ends.good} answered, ${ends.failed} failed; ${provider.requests()} requests, ${faulty} of them answered faultily`,
  );
  report({
    what: `of ${calls} calls with ${share * 100} % faulty answers have an end in the journal`,
    unit: "%",
    ours: (100 * ended) / calls,
    bare: null,
    goal: { of: "ours", is: "at least", bound: 100 },
  });
  report({
    what: "of them are a good end without the whole text, or told otherwise than kept",
    unit: "%",
    ours: (100 * (ends.wrong + Math.abs(done - ends.good))) / calls,
    bare: null,
    goal: { of: "ours", is: "under", bound: 1e-9 },
  });
  report({
    what: "requests that were sent again",
    unit: "%",
    ours: (100 * extra) / calls,
    bare: { what: "faulty answers after which one must be, to be answered", figure: (100 * needed) / calls },
    goal: { of: "ratio", is: "under", bound: 1.5 },
  });
  if (kept !== calls) throw new Error(`the journal has ${kept} calls and not ${calls}`);
} finally {
  await journal.close();
  await provider.close();
  await rm(folder, { recursive: true });
}
