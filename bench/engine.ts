import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTemplate, renderTemplate } from "#server/language/index.ts";
import { createModels } from "#server/models/index.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import { DatabaseSync } from "node:sqlite";

/**
 * The engine beside the bare mechanism in the same run: ten thousand chained templates planned, computed and stored after one
 * edit, beside rendering and storing alone; and a sheet of calls to a model that answers at once, beside awaiting the model.
 */
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
  const count = 10_000;
  const cell = (index: number): string =>
    `\`\`\`template t${index}\n{{ ${index === 0 ? "word" : `t${index - 1}`} }}.\n\`\`\`\n`;
  const short = (index: number): string =>
    `\`\`\`template t${index}\n${index % 50 === 0 ? "{{ word }}" : `{{ t${index - 1} }}`}.\n\`\`\`\n`;
  void cell;
  const text = `---\nsheaf: 1\ninputs: { word: { type: string, default: a } }\n---\n\n${Array.from({ length: count }, (_, index) => short(index)).join("\n")}`;
  const opening = performance.now();
  const session = await openSession(runtime, { path: "bench.md", text });
  const opened = performance.now() - opening;
  await session.run({ type: "stale" }).done;
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const start = performance.now();
    session.setInput("word", `b${round}`);
    await session.run({ type: "stale" }).done;
    times.push(performance.now() - start);
  }
  const last = session.state.results.get(`t${count - 1}`)!.value;
  const bare = bareChain(count);
  report(
    "10,000 chained templates after one edit, results stored",
    median(times),
    bare,
    "render + one SQLite transaction",
  );
  console.log(`  opened in ${opened.toFixed(0)} ms; the last cell is ${JSON.stringify(last).slice(0, 40)}…`);
}

/** The same templates rendered one after another and put into SQLite by hand. */
function bareChain(count: number): number {
  const template = parseTemplate("{{ before }}.");
  const database = new DatabaseSync(join(folder, "bare.sqlite"));
  database.exec("pragma journal_mode = wal; create table results (address text primary key, key text, value text)");
  const statement = database.prepare("insert or replace into results values (?, ?, ?)");
  const times = Array.from({ length: 5 }, (_, round) => {
    const start = performance.now();
    let before = `b${round}`;
    database.exec("begin");
    for (let index = 0; index < count; index += 1) {
      if (index % 50 === 0) before = `b${round}`;
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
  const rows = 5_000;
  const lines = (round: number): string =>
    Array.from({ length: rows }, (_, index) => `message ${round} ${index}`).join("\n");
  const text = (round: number): string =>
    `---\nsheaf: 1\ninputs: { message: { type: string, default: a } }\n---\n\n\`\`\`data rows\n---\nformat: csv\n---\ntext\n${lines(round)}\n\`\`\`\n\n` +
    "```prompt answer\n---\nmodel: echo/text\n---\n{{ message }}\n```\n\n````sheet all\n---\nrows: rows\nwith: { message: =row.text }\ncolumns: [answer]\n---\n````\n";
  const times: number[] = [];
  const session = await openSession(runtime, { path: "calls.md", text: text(0) });
  for (let round = 0; round < 4; round += 1) {
    if (round > 0) await session.setText(text(round));
    await session.run({ type: "cells", cells: ["rows"] }).done;
    const start = performance.now();
    const report = await session.run({ type: "cells", cells: ["all"] }).done;
    if (report.money.made !== rows) throw new Error(`made ${report.money.made} calls`);
    if (round > 0) times.push((performance.now() - start) / rows);
  }
  const model = createModels({ environment: {}, fetch, endpoints: {} }).chatModel("echo/text");
  const signal = new AbortController().signal;
  const start = performance.now();
  for (let index = 0; index < rows; index += 64) {
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for await (const _ of model.stream(
          { messages: [{ role: "user", content: "message" }], parameters: {} },
          signal,
        ));
      }),
    );
  }
  const bare = (performance.now() - start) / rows;
  report(
    `a call of echo in a sheet of ${rows} rows, journal and results stored`,
    median(times),
    bare,
    "the model alone, 64 at once",
  );
}

function report(what: string, ours: number, bare: number, beside: string): void {
  console.log(`${what}: ${ours.toFixed(3)} ms; ${beside}: ${bare.toFixed(3)} ms; ratio ${(ours / bare).toFixed(1)}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
