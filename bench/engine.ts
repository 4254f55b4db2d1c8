import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseTemplate, renderTemplate } from "#server/language/index.ts";
import { createModels } from "#server/models/index.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import { median, report, timed } from "./figure.ts";

/**
 * The engine beside the bare mechanism in the same run: ten thousand chained templates planned, computed and stored after one
 * edit, beside rendering and storing alone; and a sheet of calls to a model that answers at once, beside awaiting the model.
 * Goals: under 150 ms, and under 0.3 ms of overhead a call with 64 at once.
 */
const count = 10_000;
/** So many templates a chain: each value is one character longer than the one it reads. */
const link = 50;
const rows = 5_000;
const atOnce = 64;

const folder = await mkdtemp(join(tmpdir(), "sheaf-bench-"));
const runtime = await openRuntime({ folder, environment: { PATH: process.env["PATH"] } });
try {
  await benchChain(runtime);
  await benchCalls(runtime);
} finally {
  await runtime.close();
  await rm(folder, { recursive: true });
}

async function benchChain(runtime: Runtime): Promise<void> {
  const cells = Array.from({ length: count }, (_, index) => {
    const before = index % link === 0 ? "word" : `t${index - 1}`;
    return `\`\`\`template t${index}\n{{ ${before} }}.\n\`\`\`\n`;
  });
  const text = `---\nsheaf: 1\ninputs: { word: { type: string, default: a } }\n---\n\n${cells.join("\n")}`;
  const opened = await timed(() => openSession(runtime, { path: "bench.md", text }));
  const session = opened.answer;
  await session.run({ type: "stale" }).done;
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const { time } = await timed(async () => {
      await session.setInput("word", `b${round}`);
      return session.run({ type: "stale" }).done;
    });
    times.push(time);
  }
  const { value } = session.state.results.get(`t${count - 1}`)!;
  if (JSON.stringify(value) !== JSON.stringify({ type: "string", value: `b6${".".repeat(link)}` }))
    throw new Error(`the last cell is ${JSON.stringify(value)}`);
  console.log(`opened in ${opened.time.toFixed(0)} ms`);
  report({
    what: "10,000 chained templates after one edit, results stored",
    unit: "ms",
    ours: median(times),
    bare: { what: "rendered and put into SQLite in one transaction", figure: bareChain() },
    goal: { of: "ours", is: "under", bound: 150 },
  });
}

/** The same templates rendered one after another and put into SQLite by hand. */
function bareChain(): number {
  const template = parseTemplate("{{ before }}.");
  const database = new DatabaseSync(join(folder, "bare.sqlite"));
  database.exec("pragma journal_mode = wal; create table results (address text primary key, key text, value text)");
  const statement = database.prepare("insert or replace into results values (?, ?, ?)");
  const times = Array.from({ length: 7 }, (_, round) => {
    const start = performance.now();
    let before = "";
    database.exec("begin");
    for (let index = 0; index < count; index += 1) {
      if (index % link === 0) before = `b${round}`;
      before = renderTemplate(template, { get: () => before });
      statement.run(`t${index}`, String(round), before);
    }
    database.exec("commit");
    return performance.now() - start;
  });
  database.close();
  return median(times);
}

async function benchCalls(runtime: Runtime): Promise<void> {
  const lines = (round: number): string =>
    Array.from({ length: rows }, (_, index) => `message ${round} ${index}`).join("\n");
  const text = (round: number): string =>
    `---\nsheaf: 1\ninputs: { message: { type: string, default: a } }\n---\n\n\`\`\`data rows\n---\nformat: csv\n---\ntext\n${lines(round)}\n\`\`\`\n\n` +
    "```prompt answer\n---\nmodel: echo/text\n---\n{{ message }}\n```\n\n````sheet whole\n---\nrows: rows\nwith: { message: =row.text }\ncolumns: [answer]\n---\n````\n";
  const model = createModels({ environment: {}, fetch, endpoints: {} }).chatModel("echo/text");
  const session = await openSession(runtime, { path: "calls.md", text: text(0) });
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    if (round > 0) await session.setText(text(round));
    await session.run({ type: "cells", cells: ["rows"] }).done;
    const through = await timed(() => session.run({ type: "cells", cells: ["whole"] }).done);
    if (through.answer.money.made !== rows) throw new Error(`made ${through.answer.money.made} calls`);
    const alone = await timed(async () => {
      for (let index = 0; index < rows; index += atOnce)
        await Promise.all(
          Array.from({ length: Math.min(atOnce, rows - index) }, (_, at) => call(`${round} ${index + at}`)),
        );
    });
    // The first round warms up.
    if (round === 0) continue;
    ours.push(through.time / rows);
    bare.push(alone.time / rows);
  }
  report({
    what: `a call of echo in a sheet of ${rows.toLocaleString("en-US")} rows, journal and results stored`,
    unit: "ms a call",
    ours: median(ours),
    bare: { what: `the model alone, ${atOnce} at once`, figure: median(bare) },
    goal: { of: "difference", is: "under", bound: 0.3 },
  });

  async function call(content: string): Promise<void> {
    const request = { messages: [{ role: "user" as const, content: `message ${content}` }], parameters: {} };
    for await (const _ of model.stream(request, new AbortController().signal));
  }
}
