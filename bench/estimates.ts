import { mkdir, readFile, symlink } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createCallHistory, placeOf } from "#server/models/call-history.ts";
import { estimateCalls, type CallToCome } from "#server/models/estimate.ts";
import { createModelsChild } from "#server/models/local-child.ts";
import { createPrices } from "#server/models/prices.ts";
import { createTokenCounter } from "#server/models/token-counter.ts";
import { parseAddress } from "#server/notebook/address.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import type { JournalCall } from "#server/store/journal.ts";
import { report, skip } from "./figure.ts";

/**
 * The estimate of a run beside what it came to: on card triage, and on free-length answers to questions of GSM8K by the two local
 * models. The first 20 rows foretell the rest, a thousand times with the rows in another order, and the models' own tokenizers count the
 * requests. Answers are made once, in some twenty minutes, and kept in `.sheaf/cache`; a price is put on them, that of gpt-5-mini. Goals, of
 * the cost and of the answers' tokens: the range holds the truth in nine of ten orders, and goes no more than a quarter up and down on average.
 */
const known = 20;
const orders = 1_000;
const rates = { input: 0.25, output: 2 };

const root = new URL("../", import.meta.url);
const path = (relative: string): string => fileURLToPath(new URL(relative, root));
const folder = path(".sheaf/cache/bench-estimates");

/** Free-length answers: grade-school sums, worked out by a model that answers and by one that continues text. */
const gsm8k = `---
sheaf: 1
inputs:
  question: { type: string, default: "How much is 2 + 2?" }
outputs: [instructed, continued]
---

\`\`\`sql questions
from 'gsm8k/test-200.csv'
\`\`\`

\`\`\`prompt instructed
---
model: local/smollm2-135m-instruct
max_tokens: 400
---
{{ question }}
\`\`\`

\`\`\`prompt continued
---
model: local/gemma-3-270m
completion: true
max_tokens: 400
stop: "Question:"
---
{% for shown in questions[:2] %}
Question: {{ shown.question }}
Answer: {{ shown.answer }}

{% endfor %}
Question: {{ question }}
Answer:
\`\`\`

\`\`\`\`sheet sums
---
rows: questions
with: { question: =row.question }
columns: [instructed, continued]
---
\`\`\`\`
`;

await mkdir(`${folder}/.sheaf/cache`, { recursive: true });
for (const place of ["datasets", ".sheaf/cache/models"])
  await symlink(path(place), `${folder}/${place}`).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== "EEXIST") throw thrown;
  });
const runtime = await openRuntime({ folder, environment: process.env });
const child = createModelsChild(process.env);
const countTokens = createTokenCounter({ child, files: runtime.modelFiles });
try {
  const absent = (await runtime.modelFiles.list()).filter(
    ({ model, state }) => model.kind === "chat" && state === "absent",
  );
  if (absent.length > 0) skip("estimates", `${absent.map(({ model }) => model.name).join(", ")} is not fetched`);
  else {
    const triage = await readFile(new URL("public/examples/card-triage.md", root), "utf8");
    await measure("card triage", await callsOf("card-triage.md", triage, "triage", runtime));
    await measure("GSM8K", await callsOf("gsm8k.md", gsm8k, "sums", runtime));
  }
} finally {
  await child.close();
  await runtime.close();
}

/** A call of a row that was answered. */
interface RowCall {
  readonly row: string;
  readonly call: JournalCall;
}

/** Runs a notebook whole, and gives the journal's calls of the rows of its sheet. */
async function callsOf(name: string, text: string, sheet: string, runtime: Runtime): Promise<readonly RowCall[]> {
  const session = await openSession(runtime, { path: name, text });
  let told = 0;
  await session.run(
    { type: "stale" },
    {
      onEvent(event) {
        if (event.type !== "money" || event.made - told < 50) return;
        told = event.made;
        console.log(`${name}: ${told} answers`);
      },
    },
  ).done;
  const calls = await runtime.journal.list({ limit: 100_000 });
  return calls.flatMap((call) => {
    const row = parseAddress(call.address).at[sheet];
    return call.notebook === name && call.end?.state === "done" && row !== undefined ? [{ row, call }] : [];
  });
}

/** Foretells the rest from the first rows, in several orders, and tells how often the range held the truth and how wide it was. */
async function measure(name: string, calls: readonly RowCall[]): Promise<void> {
  const rows = [...new Set(calls.map(({ row }) => row))];
  const tries = [];
  for (let order = 1; order <= orders; order += 1) {
    const first = new Set(shuffled(rows, order).slice(0, known));
    tries.push(
      await foretell(
        calls.filter(({ row }) => first.has(row)).map(({ call }) => call),
        calls.filter(({ row }) => !first.has(row)).map(({ call }) => call),
      ),
    );
  }
  for (const what of ["cost", "output"] as const) {
    const ofThis = tries.map((one) => one[what]);
    const title = `${name}, ${known} of ${rows.length} rows known: ${what === "cost" ? "cost" : "tokens out"} of the rest`;
    report({
      what: `${title}, within the range`,
      unit: "% of 1,000 orders",
      ours: (100 * ofThis.filter(({ held }) => held).length) / orders,
      bare: null,
      goal: { of: "ours", is: "at least", bound: 90 },
    });
    const widths = ofThis.map(({ halfWidth }) => halfWidth).toSorted((one, other) => one - other);
    const average = widths.reduce((sum, width) => sum + width, 0) / orders;
    report({
      what: `${title}, the range up and down on average (in nine of ten at most ${widths[Math.floor(0.9 * orders)]!.toFixed(1)} %, ever ${widths.at(-1)!.toFixed(1)} %)`,
      unit: "%",
      ours: average,
      bare: null,
      goal: { of: "ours", is: "under", bound: 25 },
    });
  }
}

async function foretell(past: readonly JournalCall[], rest: readonly JournalCall[]) {
  const prices = createPrices(() => ({
    models: Object.fromEntries(rest.map(({ model }) => [model, [{ from: null, rates }]])),
    problem: null,
  }));
  const keys = new Map<CallToCome, string>();
  for (const { key, model, notebook, address, request } of rest)
    keys.set(
      {
        ...({ messages: [], repeat: 0, ...(request as object) } as unknown as CallToCome),
        model,
        place: placeOf(notebook, parseAddress(address)),
      },
      key,
    );
  const { output: foretold, cost } = await estimateCalls(keys.keys(), {
    resolve: (name) => ({ ...runtime.models.chatModel(name), effect: "paid" }),
    key: (call) => keys.get(call)!,
    find: async () => new Map(),
    history: createCallHistory(past),
    prices,
    clock: Date.now,
    places: () => ({ now: 64, expected: 64 }),
    countTokens,
  });
  const sent = new Map(rest.map((call) => [call.key, call.end!.usage]));
  const output = [...sent.values()].reduce((sum, usage) => sum + usage.output!, 0);
  const spent = [...sent.values()].reduce(
    (sum, usage) => sum + usage.input! * rates.input + usage.output! * rates.output,
    0,
  );
  return {
    cost: compare(cost, spent / 1_000_000),
    output: compare(foretold, output),
  };
}

function compare(
  { low, likely, high }: { readonly low: number; readonly likely: number; readonly high: number },
  truth: number,
): { readonly held: boolean; readonly halfWidth: number } {
  return { held: low <= truth && truth <= high, halfWidth: (100 * (high - low)) / 2 / likely };
}

/** Another order for each seed, the same each time: Fisher and Yates' shuffle by a multiplicative congruential generator (Park and Miller). */
function shuffled<Of>(values: readonly Of[], seed: number): readonly Of[] {
  const order = [...values];
  let state = seed * 7_919;
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = (state * 48_271) % 2_147_483_647;
    const other = Math.floor((state / 2_147_483_647) * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
