import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableText } from "#server/command-line/table-text.ts";
import { answerText, faults, faultServer, type FaultName } from "#server/models/__fixtures__/fault-server.ts";
import { deadAddress } from "#server/models/__fixtures__/scripted-server.ts";
import { quickClock } from "#server/models/calling/__fixtures__/quick-clock.ts";
import { seededRandom } from "#server/models/calling/__fixtures__/seeded-random.ts";
import { createCalling } from "#server/models/calling/create-calling.ts";
import { createCaller } from "#server/models/caller.ts";
import { createModels } from "#server/models/index.ts";
import { createLightFetch } from "#server/models/light-fetch.ts";
import { ModelError } from "#server/models/model-error.ts";
import type { Journal } from "#server/store/journal.ts";
import { openJournal } from "#server/store/open-journal.ts";
import { report } from "./figure.ts";

/**
 * What becomes of 20,000 rows at providers on this machine three in ten of whose answers are faulty, in every way the tests know and a client can
 * tell, a quarter of the rows in each protocol: through the whole door, with its journal on disk and all the rules as they are, on a clock that
 * goes twenty times as fast. Each row is to come to an end in the journal, a good one only with the whole text, and nothing is to be sent again
 * that need not.
 * Where a provider wants to be left alone for 31 years, no row is begun until the clock is set forward by the day that this is believed.
 */
const calls = 20_000;
const atOnce = 200;
const share = 0.3;
/** Milliseconds: as long as a demand to wait is believed at most. */
const day = 86_400_000;
const refused = "a refused connection";
type Kind = FaultName | typeof refused;

/** They move megabytes, hold a place for long, or all others up: they come a third as often. */
const heavy = /huge Retry-After|gigabyte|50 MB|now and then/;
/** After these a request may be sent again: nothing of an answer came. */
const repeatable =
  /^429 (?!with a huge)|^5\d\d|error of a gigabyte|a refused connection|reset after the headers|silence before|silence after|now and then|bytes that are no text|200 with a page|200 with nothing|in the middle of a character/;
/** These have the whole answer in them. */
const whole = /^a good answer|one byte at a time|another kind of line ends|the end twice|usage/;

/** After these a client of Chat Completions cannot know that the text is another. */
const untold = /^one event/;

const kinds: Kind[] = [
  ...(Object.keys(faults) as FaultName[]).filter((name) => name !== "a good answer" && !untold.test(name)),
  refused,
];
const weights = kinds.map((kind) => (heavy.test(kind) ? 1 / 3 : 1));
const allWeights = weights.reduce((sum, weight) => sum + weight);
/** The share of requests that meet one of these. */
const toRepeat =
  (share * kinds.reduce((sum, kind, index) => sum + (repeatable.test(kind) ? weights[index]! : 0), 0)) / allWeights;
/**
 * Requests beside its first that a call takes on average where one is sent again after these faults, each time, and after nothing else: q after the
 * first, q of q after the second, and so on, in all q / (1 − q). It is of what is drawn and not of what was sent, which grows with each request too many.
 */
const leastAgain = toRepeat / (1 - toRepeat);
/** A model in each protocol. */
const models = ["openai/gpt-5-mini", "openai/gpt-5-pro", "anthropic/claude-haiku-4-5", "here/some-model"] as const;
const random = seededRandom(5);
const clock = quickClock(20);

function draw(): Kind {
  if (random() >= share) return "a good answer";
  let left = random() * allWeights;
  return kinds.find((_, index) => (left -= weights[index]!) < 0) ?? refused;
}

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const journal = await openJournal({ folder, workspace: "bench" });
/** What each row met, in order. */
const met = new Map<number, Kind[]>();
/** By the ids of calls their rows, and by rows the errors after which their requests were sent again, in order. */
const rowOf = new Map<number, number>();
const sentAgainAfter = new Map<number, readonly string[]>();
const watched: Pick<Journal, "find" | "begin" | "finish"> = {
  ...journal,
  async begin(intent) {
    const id = await journal.begin(intent);
    rowOf.set(id, Number(/\d+/.exec(intent.address)));
    return id;
  },
  finish(id, end) {
    sentAgainAfter.set(rowOf.get(id)!, end.attempts?.map(({ code }) => code) ?? []);
    return journal.finish(id, end);
  },
};
const provider = await faultServer(
  (request) => (["a good answer", ...kinds] as Kind[])[Number(request.headers["x-kind"])] as FaultName,
  clock.now,
);
/** Whether a provider wants to be left alone for years, and how often one did. */
const door = { closed: false, days: 0 };
const nobody = await deadAddress();
const lightFetch = createLightFetch();
/** Sends each request with what is to become of it; those that are to find nobody go to an address where there is none. */
const drawingFetch: typeof fetch = (input, init = {}) => {
  const kind = draw();
  const row = Number(/row (\d+)/.exec(init.body as string)![1]);
  met.set(row, [...(met.get(row) ?? []), kind]);
  if (kind === "429 with a huge Retry-After") door.closed = true;
  if (kind === refused) return lightFetch(`${nobody}${new URL(input as string | URL).pathname}`, init);
  const headers = new Headers(init.headers as Headers);
  headers.set("x-kind", String(kinds.indexOf(kind) + 1));
  return lightFetch(input, { ...init, headers });
};

try {
  const { chatModel } = createModels({
    environment: {
      OPENAI_API_KEY: "bench",
      OPENAI_BASE_URL: `${provider.url}/v1`,
      ANTHROPIC_API_KEY: "bench",
      ANTHROPIC_BASE_URL: provider.url,
      HERE_API_KEY: "bench",
    },
    fetch: drawingFetch,
    endpoints: { here: { baseUrl: `${provider.url}/v1`, keyVariable: "HERE_API_KEY" } },
  });
  const limits = { firstPart: 10_000, idle: 10_000, total: 40_000 };
  const calling = createCalling({ timers: clock, random, timeLimits: () => limits });
  const caller = createCaller({ resolve: chatModel, journal: watched, clock: clock.now, calling });
  const ends = { good: 0, failed: 0, wrong: 0, heldBack: 0 };
  const again = { late: 0, needless: 0 };
  const outcomes = new Map<Kind, Map<string, number>>();
  const count = (kind: Kind, outcome: string): void => {
    const of = outcomes.get(kind) ?? new Map<string, number>();
    outcomes.set(kind, of.set(outcome, (of.get(outcome) ?? 0) + 1));
  };
  const waiting = Array.from({ length: calls }, (_, index) => index + 1).toReversed();

  async function answer(row: number): Promise<void> {
    const message = { role: "user" as const, content: `row ${row}` };
    const model = models[row % models.length]!;
    const asked = { model, messages: [message], parameters: {}, step: 0, repeat: 0 };
    const place = { cell: "bench", at: { row: String(row) } };
    const end = await caller
      .chat({ ...asked, address: place }, { notebook: "bench.md", run: "bench", priority: "batch" })
      .then(
        ({ text }) => text,
        (thrown: unknown) => thrown,
      );
    const kindsMet = met.get(row) ?? [];
    const last = kindsMet.at(-1);
    if (end instanceof ModelError && last === undefined && end.code === "model.circuit-open") {
      ends.heldBack += 1;
      waiting.unshift(row);
      // Begun anew later, as the error says to: soon, or when the clock was set forward.
      if (!door.closed) await clock.sleep(Math.min(end.facts.retryAfter ?? 0, 15_000));
      return;
    }
    if (last === undefined) throw end;
    const errors = sentAgainAfter.get(row) ?? [];
    for (const [index, kind] of kindsMet.slice(0, -1).entries()) {
      count(kind, `sent again after ${errors[index]}`);
      if (repeatable.test(kind)) continue;
      // A machine that is busy does not get to a good answer in half a second.
      if (errors[index] === "model.timeout") again.late += 1;
      else again.needless += 1;
    }
    const isGood = end === answerText && whole.test(last);
    const isFailed = end instanceof ModelError && end.message !== "";
    ends[isGood ? "good" : isFailed ? "failed" : "wrong"] += 1;
    count(last, isGood ? "answered" : isFailed ? end.code : `WRONG: ${String(end)}`);
  }

  const began = performance.now();
  while (waiting.length > 0) {
    const worker = async (): Promise<void> => {
      while (!door.closed && waiting.length > 0) await answer(waiting.pop()!);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    if (!door.closed) continue;
    door.closed = false;
    door.days += 1;
    clock.skip(day);
  }
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
  const all = [...met.values()].flat();
  const faulty = all.filter((kind) => kind !== "a good answer").length;
  const rows = kinds.map((kind) => ({
    fault: kind,
    drawn: String(all.filter((other) => other === kind).length),
    ends: [...(outcomes.get(kind) ?? [])].map(([outcome, times]) => `${times} ${outcome}`).join(", "),
  }));
  console.log(tableText(["fault", "drawn", "ends"], rows, 200));
  console.log(
    `${calls} calls in ${seconds.toFixed(1)} s: ${ends.good} answered, ${ends.failed} failed; ${all.length} requests, ${faulty} of them answered faultily; ` +
      `providers were left alone for a day ${door.days} times, and ${ends.heldBack} times a row that was not sent was begun anew after that; ` +
      `${again.late} requests were sent again since they were not answered in their time; ` +
      `at most ${Math.round(process.resourceUsage().maxRSS / 1_000)} MB of memory with the provider's`,
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
    ours: (100 * (all.length - calls)) / calls,
    bare: { what: "the fewest, at this share of faults, that answer every call that can be", figure: 100 * leastAgain },
    goal: { of: "ratio", is: "under", bound: 1.5 },
  });
  report({
    what: "requests that were sent again after what may be an answer, or is a mistake of the request",
    unit: "%",
    ours: (100 * again.needless) / calls,
    bare: null,
    goal: { of: "ours", is: "under", bound: 1e-9 },
  });
  if (kept !== calls) throw new Error(`the journal has ${kept} calls and not ${calls}`);
} finally {
  await journal.close();
  await provider.close();
  await rm(folder, { recursive: true });
}
