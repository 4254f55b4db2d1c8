import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fence, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { notesPath } from "#server/runner/notes-file.ts";
import { reportText } from "#server/runner/report.ts";
import type { LiveNotebook } from "./live-notebook.ts";
import type { ViewEvent } from "./view.ts";
import { openWorkspaceNotebooks, type WorkspaceNotebooks } from "./workspace-notebooks.ts";

const text = `---
sheaf: 1
title: Greeting
inputs:
  name: { type: string, default: Ada }
---

# Greeting

\`\`\`template hello
Hello {{ name }}
\`\`\`

\`\`\`template shout
{{ hello }}!
\`\`\`
`;

let workspace: TestWorkspace;
let notebooks: WorkspaceNotebooks;
let live: LiveNotebook;
let file: string;
/** What was told on the server's side. */
let reported: string[];

beforeEach(async () => {
  workspace = await testWorkspace();
  reported = [];
  notebooks = await openWorkspaceNotebooks({
    runtime: workspace.runtime,
    examples: "public/examples",
    firstSequence: 1,
    report: (doing, error) => reported.push(reportText(doing, error)),
  });
  const path = await notebooks.create("Greeting", text);
  file = join(workspace.folder, path);
  live = await notebooks.open(path);
});

afterEach(async () => {
  await notebooks.close();
  await workspace[Symbol.asyncDispose]();
});

/** Waits until something holds, at most five seconds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 5_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("it did not come to hold in five seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function view() {
  live.feed.flush();
  const leave = new AbortController();
  const events = live.feed.subscribe(null, leave.signal);
  return events.next().then(({ value }) => {
    leave.abort();
    if (value?.type !== "snapshot") throw new Error("no snapshot came");
    return value.view;
  });
}

const valueOf = (address: string): unknown =>
  (live.session.state.results.get(address)?.value as { value?: unknown })?.value;

test("edits that follow one another make one run of what runs by itself", async () => {
  await until(() => valueOf("shout") === "Hello Ada!");
  const settle = vi.spyOn(live.session, "settle");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    for (let edit = 1; edit <= 10; edit += 1) {
      await live.apply([{ type: "set-source", cell: "hello", source: `Hello ${edit}` }]);
      vi.advanceTimersByTime(249);
    }
    expect(settle).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(settle).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
  await until(() => valueOf("shout") === "Hello 10!");
  expect(settle).toHaveBeenCalledOnce();
});

test("what costs nothing runs by itself, and the page sees text, state and value of each cell", async () => {
  await until(() => valueOf("shout") === "Hello Ada!");
  const { head, cells, prose, results } = await view();
  expect(head.head).toMatchObject({
    title: "Greeting",
    order: [{ type: "prose", key: "" }, { type: "cell", path: "hello" }, {}, { type: "cell", path: "shout" }],
  });
  expect(prose[""]!.html).toContain("<h1>Greeting</h1>");
  expect(cells["hello"]).toMatchObject({ kind: "template", source: "Hello {{ name }}", node: "hello" });
  expect(results["shout"]).toMatchObject({
    freshness: { state: "current" },
    outcome: "ok",
    value: { type: "string", value: "Hello Ada!" },
  });
});

test("an edit is written to the file, runs what reads it, and undo gives both back", async () => {
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await until(() => valueOf("shout") === "Hi Ada!");
  await until(async () => (await readFile(file, "utf8")).includes("Hi {{ name }}"));
  expect(await live.undo()).toMatchObject({ title: "editing hello", cell: "hello" });
  await until(() => valueOf("shout") === "Hello Ada!");
  await until(async () => (await readFile(file, "utf8")) === text);
  expect(await live.redo()).toMatchObject({ cell: "hello" });
  expect(live.session.state.notebook.text).toContain("Hi {{ name }}");
});

test("an undo that fails takes nothing back, and can be tried again", async () => {
  const { session } = live;
  const edit = (source: string) => live.apply([{ type: "set-source", cell: "hello", source }]);
  await edit("Hi");
  await live.note("a value", [{ address: "hello", type: "edited", value: { type: "string", value: "Hey" } }]);
  const edited = (): boolean => session.state.overrides.has("hello");
  vi.spyOn(session, "note").mockRejectedValueOnce(new Error("the disk is full"));
  await expect(live.undo()).rejects.toThrow("the disk is full");
  expect([edited(), (await view()).head.head.undo]).toEqual([true, "a value"]);
  expect((await live.undo())?.title).toBe("a value");
  expect([edited(), session.state.notebook.text]).toEqual([false, expect.stringContaining("\nHi\n")]);

  vi.spyOn(session, "setText").mockRejectedValueOnce(new Error("not now"));
  await expect(live.undo()).rejects.toThrow("not now");
  await live.undo();
  expect(session.state.notebook.text).toBe(text);
  vi.spyOn(session, "setText").mockRejectedValueOnce(new Error("not now"));
  await expect(live.redo()).rejects.toThrow("not now");
  expect((await live.redo())?.title).toBe("editing hello");
  expect(session.state.notebook.text).toContain("\nHi\n");
});

test("a change of the text is in the history and the file whatever fails behind it", async () => {
  const { session } = live;
  const { setText } = session;
  const failsBehind = (): void =>
    void vi.spyOn(session, "setText").mockImplementationOnce(async (...given) => {
      await setText(...given);
      throw new Error("no disk");
    });
  failsBehind();
  await expect(live.apply([{ type: "set-source", cell: "hello", source: "Hi" }])).rejects.toThrow("no disk");
  await until(async () => (await readFile(file, "utf8")).includes("\nHi\n"));
  failsBehind();
  await expect(live.undo()).rejects.toThrow("no disk");
  expect(session.state.notebook.text).toBe(text);
  expect((await view()).head.head).toMatchObject({ undo: null, redo: "editing hello" });
  await live.redo();
  expect(session.state.notebook.text).toContain("\nHi\n");
});

test("an edit of a cell that is another by now is refused, and nothing changes", async () => {
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi" }], {
    cell: "hello",
    source: "Hello {{ name }}",
  });
  const second = live.apply([{ type: "set-source", cell: "hello", source: "Hey" }], {
    cell: "hello",
    source: "Hello {{ name }}",
  });
  await expect(second).rejects.toMatchObject({ code: "edit.conflict" });
  expect(live.session.state.notebook.text).toContain("Hi\n");
});

test("an edit of a text between cells that is another by now, or elsewhere, is refused", async () => {
  const base = { prose: "", segment: 1, text: "# Greeting" };
  await live.apply([{ type: "set-prose", segment: 1, text: "\n# Hello\n\n" }], base);
  const mine = { type: "set-prose", segment: 1, text: "\n# Mine\n\n" } as const;
  for (const other of [base, { ...base, text: "# Hello", prose: "hello" }, { ...base, segment: 9 }])
    await expect(live.apply([mine], other)).rejects.toMatchObject({ code: "edit.conflict" });
  expect(live.session.state.notebook.text).toContain("\n# Hello\n");
});

test("what others write into the file appears, as a step that can be undone", async () => {
  await writeFile(file, text.replace("Hello {{", "Good day {{"));
  await until(() => valueOf("shout") === "Good day Ada!");
  await live.undo();
  await until(async () => (await readFile(file, "utf8")) === text);
});

test.each([
  ["empties it first", ""],
  ["has written half of it", text.slice(0, text.indexOf("{{ name }}"))],
  ["has written half of a letter", Buffer.from(`${text}é`).subarray(0, -1)],
])("what another program writes in two steps is taken in whole, when it %s", async (_, half) => {
  await until(() => valueOf("shout") === "Hello Ada!");
  const seen: string[] = [];
  const look = setInterval(() => seen.push(live.session.state.notebook.text), 1);
  const whole = text.replace("Hello {{", "Good day {{");
  await writeFile(file, half);
  // The watch tells of it in 80 ms.
  await new Promise((resolve) => setTimeout(resolve, 95));
  await writeFile(file, whole);
  await until(() => live.session.state.notebook.text === whole);
  clearInterval(look);
  // The last look may have been just before.
  expect(new Set([...seen, whole])).toEqual(new Set([text, whole]));
  expect((await view()).head.head).toMatchObject({ fileProblem: null, undo: "a change of the file" });
});

test("a file that another program writes all the time is read after a second", async () => {
  let lines = 0;
  const writing = setInterval(() => void appendFile(file, `line ${(lines += 1)}\n`), 20);
  await until(() => live.session.state.notebook.text.includes("line 10\n"));
  clearInterval(writing);
});

test("changes here and outside in different places come together", async () => {
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await writeFile(file, text.replace("}}!", "}}?"));
  await until(() => valueOf("shout") === "Hi Ada?");
  await until(async () => (await readFile(file, "utf8")) === text.replace("Hello", "Hi").replace("}}!", "}}?"));
});

test("changes here and outside in one place are a conflict: nothing is written until a person chooses", async () => {
  const theirs = text.replace("Hello {{", "Moin {{");
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await writeFile(file, theirs);
  await until(async () => (await view()).head.head.fileProblem?.code === "file.conflict");
  expect(await readFile(file, "utf8")).toBe(theirs);
  await live.takeFile();
  expect(live.session.state.notebook.text).toBe(theirs);
  await live.undo();
  expect(live.session.state.notebook.text).toContain("Hi {{ name }}");
});

test.each([
  ["the other change is taken back", text],
  ["the other program writes what is here", text.replace("Hello", "Hi")],
  ["the other change is in another place then", text.replace("}}!", "}}?")],
])("a conflict is over when %s: what is here is written, and so is what is edited later", async (_, becomes) => {
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await writeFile(file, text.replace("Hello {{", "Moin {{"));
  await until(async () => (await view()).head.head.fileProblem?.code === "file.conflict");
  await writeFile(file, becomes);
  await until(async () => (await readFile(file, "utf8")) === becomes.replace("Hello", "Hi"));
  await until(async () => (await view()).head.head.fileProblem === null);
  await live.apply([{ type: "set-front-matter", path: ["title"], value: "Later" }]);
  await until(async () => (await readFile(file, "utf8")).includes("title: Later"));
});

test("keeping what is here writes it over the file", async () => {
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await writeFile(file, text.replace("Hello {{", "Moin {{"));
  await until(async () => (await view()).head.head.fileProblem !== null);
  await live.keepMine();
  expect(await readFile(file, "utf8")).toBe(text.replace("Hello", "Hi"));
});

test("a file that was deleted while it is open is said, and nothing is lost", async () => {
  await rm(file);
  await until(async () => (await view()).head.head.fileProblem?.code === "file.missing");
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await live.keepMine();
  expect(await readFile(file, "utf8")).toContain("Hi {{ name }}");
});

test("a file that is no text any more is said and not written over, until it is mended", async () => {
  const broken = Buffer.from([0xff, 0xfe, 0xff]);
  await writeFile(file, broken);
  await until(async () => (await view()).head.head.fileProblem?.code === "file.unreadable");
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi {{ name }}" }]);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await readFile(file)).toEqual(broken);
  await writeFile(file, text.replace("}}!", "}}?"));
  await until(async () => (await view()).head.head.fileProblem === null);
  await until(() => valueOf("shout") === "Hi Ada?");
});

test("what people said that cannot be copied or moved along is an error, and not lost", async () => {
  await mkdir(notesPath(file), { recursive: true });
  await expect(notebooks.duplicate(live.path)).rejects.toThrow(/director/i);
  await expect(notebooks.remove(live.path)).rejects.toThrow(/director/i);
  expect(await readFile(file, "utf8")).toBe(text);
});

test("what a cell has spent of its grant is told while it is spent", async () => {
  const prompt = "```prompt reply\n---\nmodel: openai/gpt-5-mini\nrun: auto\n---\nAnswer {{ hello }}\n```";
  await live.apply([{ type: "insert", at: { endOf: null }, text: prompt }]);
  expect((await view()).head.head.grants).toEqual([]);
  await live.grant("reply", 1);
  await until(() => valueOf("reply") !== undefined);
  const [call] = live.session.state.results.get("reply")!.calls;
  expect(call!.cost).toBeGreaterThan(0);
  expect((await view()).head.head.grants).toEqual([{ cell: "reply", budget: 1, spent: call!.cost }]);
  await live.grant("reply", null);
  expect((await view()).head.head.grants).toEqual([]);
});

test("a rename follows the name and is one step", async () => {
  await live.apply([{ type: "rename", cell: "hello", to: "greeting" }]);
  expect(live.session.state.notebook.text).toContain("{{ greeting }}!");
  await live.undo();
  expect(live.session.state.notebook.text).toBe(text);
});

test("a path outside the folder of notebooks opens nothing", async () => {
  await expect(notebooks.open("../secret.md")).rejects.toMatchObject({ code: "notebook.path" });
  await expect(notebooks.open("notebooks/none.md")).rejects.toMatchObject({ code: "notebook.missing" });
});

test("a title that is an expression is listed with the inputs' defaults, and another input reads the notebook anew", async () => {
  const text = `---\nsheaf: 1\ninputs: { n: { default: 2 } }\ntitle: ='Asked ' ~ n\n---\n\n${fence("template line", "---\nrepeat: =n\n---\nx")}\n`;
  const path = await notebooks.create("Computed", text);
  expect((await notebooks.list()).find((one) => one.path === path)?.title).toBe("Asked 2");
  const opened = await notebooks.open(path);
  await opened.setInputs({ n: 3 });
  const { graph } = opened.session.state;
  expect([graph.front.title, graph.nodes.get("line")!.axes[0]!.labels]).toEqual(["Asked 3", ["1", "2", "3"]]);
  await opened.apply([{ type: "set-configuration", cell: "line", path: ["hidden"], value: true }]);
  expect(opened.session.state.notebook.text).toBe(text.replace("repeat: =n\n", "repeat: =n\nhidden: true\n"));
});

test("notebooks made of one title at once have each a path and a text of their own", async () => {
  const own = (number: number): string => `---\nsheaf: 1\ntitle: Same\n---\n\n# ${number}\n`;
  const made = await Promise.all([1, 2, 3].map((number) => notebooks.create("Same", own(number))));
  expect(new Set(made).size).toBe(3);
  const texts = await Promise.all(made.map((path) => readFile(join(workspace.folder, path), "utf8")));
  expect(texts).toEqual([1, 2, 3].map(own));
  const copies = await Promise.all([notebooks.duplicate(live.path), notebooks.duplicate(live.path)]);
  expect(new Set(copies).size).toBe(2);
  const [one, two] = made as [string, string];
  const to = "notebooks/Wanted.md";
  const renamed = await Promise.allSettled([notebooks.rename(one, to), notebooks.rename(two, to)]);
  expect(renamed.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect((await notebooks.list()).filter(({ title }) => title === "Same")).toHaveLength(3);
});

test("a removed notebook is kept aside with its notes", async () => {
  await notebooks.remove(live.path);
  expect(await notebooks.list()).toEqual([]);
  await expect(notebooks.open(live.path)).rejects.toMatchObject({ code: "notebook.missing" });
});

test("a page goes on where its notebook is removed and put back, with numbers of its own", async () => {
  const leave = new AbortController();
  const events = notebooks.watch(live.path, null, leave.signal);
  const next = async () => (await events.next()).value!;
  await next();
  await live.apply([{ type: "set-source", cell: "hello", source: "Hi" }]);
  const { path, revision } = live;
  live.feed.flush();
  const { sequence } = live.feed;
  for (let last = 0; last < sequence;) last = (await next()).sequence;
  let heard: ViewEvent | null = null;
  const later = next().then((event) => (heard = event));
  const removed = await notebooks.remove(path);
  expect(heard).toBeNull();
  await notebooks.restore(removed, path);
  const first = await later;
  expect(first).toMatchObject({ type: "snapshot", view: { head: { head: { path } } } });
  expect(first.sequence).toBeGreaterThan(sequence);
  live = await notebooks.open(path);
  expect(live.revision).toBeGreaterThan(revision);
  await live.apply([{ type: "set-source", cell: "hello", source: "Hey" }]);
  for (let told = ""; !told.includes('"source":"Hey"');) told = JSON.stringify(await next());
  leave.abort();
  for (let done = false; !done;) done = (await events.next()).done === true;
});

describe("a notebook that is removed while something runs in it", () => {
  const chain = [0, 1, 2, 3].map(
    (index) =>
      `\`\`\`prompt p${index}\n---\nmodel: openai/gpt-5-mini\n---\n${index === 0 ? "Begin" : `After {{ p${index - 1} }}`}\n\`\`\`\n`,
  );
  const inTime = (promised: Promise<unknown>): Promise<unknown> =>
    Promise.race([promised, new Promise((_, late) => setTimeout(() => late(new Error("it did not end")), 5_000))]);

  test("stops its runs, and keeps what was paid for", async () => {
    workspace.script = () => ({ text: "answer", delay: 300 });
    const path = await notebooks.create("Chain", `---\nsheaf: 1\n---\n\n${chain.join("\n")}`);
    const run = (await notebooks.open(path)).run({ scope: { type: "all" }, title: "whole" });
    await until(() => workspace.server.requests().length === 2);
    const removed = await notebooks.remove(path);
    await expect(run.done).resolves.toMatchObject({ outcome: "cancelled" });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(workspace.server.requests()).toHaveLength(2);
    await notebooks.restore(removed, path);
    expect((await notebooks.open(path)).session.state.results.get("p0")).toMatchObject({ outcome: "ok" });
  });

  test("takes back what it asks a person before it runs", async () => {
    const dear = chain[0]!.replace("gpt-5-mini", "of-no-known-price");
    const path = await notebooks.create("Dear", `---\nsheaf: 1\n---\n\n${dear}`);
    const { run, board } = await notebooks.open(path);
    const { done } = run({ scope: { type: "all" }, title: "whole" });
    await until(() => Object.values(board.runs).some(({ confirm }) => confirm !== null));
    await inTime(notebooks.remove(path));
    expect((await done).outcome).toBe("cancelled");
    expect(workspace.sent()).toEqual([]);
  });

  test("stops what runs by itself", async () => {
    workspace.script = () => ({ text: "answer", delay: 300 });
    await live.apply([
      { type: "insert", at: { endOf: null }, text: chain.join("\n").replaceAll("mini\n", "mini\nrun: auto\n") },
    ]);
    for (const index of chain.keys()) await live.grant(`p${index}`, 1);
    await until(() => workspace.server.requests().length === 1);
    await notebooks.remove(live.path);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(workspace.server.requests()).toHaveLength(1);
  });
});

test("a page that waits for a notebook that was removed is let go when it leaves, and when all are closed", async () => {
  const leave = new AbortController();
  const [one, two] = [leave.signal, new AbortController().signal].map((end) => notebooks.watch(live.path, null, end));
  for (const events of [one!, two!]) await events.next();
  await notebooks.remove(live.path);
  const ends = [one!, two!].map(async (events) => {
    for (let done = false; !done;) done = (await events.next()).done === true;
  });
  leave.abort();
  await ends[0];
  await notebooks.close();
  await ends[1];
});

test("what a person says of results is a step of the history: taken back and done again among the edits", async () => {
  await until(() => valueOf("shout") === "Hello Ada!");
  const edited = { type: "edited", value: { type: "string", value: "Good day" } } as const;
  await live.note("editing hello by hand", [{ address: "hello", ...edited }]);
  await until(() => valueOf("shout") === "Good day!");
  await live.apply([{ type: "set-source", cell: "shout", source: "{{ hello }}?" }]);
  expect((await view()).head.head.undo).toBe("editing shout");
  await live.undo();
  expect((await live.undo())?.title).toBe("editing hello by hand");
  await until(() => valueOf("shout") === "Hello Ada!");
  await live.redo();
  await until(() => valueOf("shout") === "Good day!");
});

test("a cell that has no body is edited as a whole, from the text it had, and the page knows where it stands", async () => {
  await live.apply([
    { type: "insert", at: { endOf: null }, text: "```retrieve near\nfrom: people\nquery: =name # who\n```" },
  ]);
  const source = "from: people\nquery: =name # who";
  const { cells } = await view();
  expect(cells["near"]).toMatchObject({ source, language: "none", line: 18, sourceLine: 19 });
  expect(cells["hello"]).toMatchObject({ source: "Hello {{ name }}", language: "template", sourceLine: 11 });

  const edit = { type: "set-source", cell: "near", source: `${source}\nk: 3` } as const;
  await live.apply([edit], { cell: "near", source });
  expect((await view()).cells["near"]).toMatchObject({ source: edit.source, configuration: { k: 3 } });
  await expect(live.apply([edit], { cell: "near", source })).rejects.toMatchObject({ code: "edit.conflict" });
});

test("the numbers of texts go on over a restart, so that a page tells one of before from one of after", async () => {
  const { revision } = await live.apply([{ type: "set-source", cell: "hello", source: "Hi" }]);
  const { path } = live;
  await notebooks.close();
  const firstSequence = Date.now();
  notebooks = await openWorkspaceNotebooks({ runtime: workspace.runtime, examples: "public/examples", firstSequence });
  live = await notebooks.open(path);
  expect((await view()).head.head.revision).toBeGreaterThan(revision);
});

test("what reads a sheet's results is as current as it was before a restart, also where nothing runs by itself", async () => {
  const rows =
    "```data people\nid\n1\n2\n```\n\n````sheet everyone\n---\nrows: people\n---\n```template loud\n{{ row.id }}!\n```\n````";
  const everyone = `---\nsheaf: 1\n---\n\n${rows}\n\n\`\`\`test gate\ncount(everyone.loud) == 2\n\`\`\`\n`;
  const path = "notebooks/everyone.md";
  await writeFile(join(workspace.folder, path), everyone);
  const session = await workspace.open(everyone, { path });
  await session.run({ type: "stale" }).done;
  await notebooks.close();
  await workspace.restart();
  notebooks = await openWorkspaceNotebooks({
    ...{ runtime: workspace.runtime, examples: "public/examples", firstSequence: Date.now() },
  });
  live = await notebooks.open(path);
  await until(async () => (await view()).results["gate"]?.freshness.state === "current");
});

test("a cell whose call takes long is running while it is on, outside sheets and in them", async () => {
  const call = "```prompt long\n---\nmodel: echo/text+hang\n---\nWord by word\n```";
  const rows = `\`\`\`data people\nid\n1\n\`\`\`\n\n\`\`\`\`sheet everyone\n---\nrows: people\n---\n${call.replace("long", "each")}\n\`\`\`\``;
  const path = await notebooks.create("Long", `---\nsheaf: 1\n---\n\n${call}\n\n${rows}\n`);
  const { board, session, run } = await notebooks.open(path);
  await until(() => session.state.results.get("people")?.outcome === "ok");
  const on = run({ scope: { type: "all" }, title: "whole" });
  await until(() => ["long", "everyone.each"].every((node) => board.progress.get(node)?.state === "running"));
  on.cancel();
  await on.done;
  expect([...board.progress]).toEqual([]);
});

const sheet = async () => (await view()).sheets["whole"];

test("a dataset file that changes under an open notebook is read again, and its sheets say how many rows are new, changed and gone", async () => {
  const dataset = join(workspace.folder, "datasets", "tickets.csv");
  await mkdir(join(workspace.folder, "datasets"), { recursive: true });
  await writeFile(dataset, "id,text\n1,a\n2,b\n3,c\n4,d\n");
  const path = await notebooks.create(
    "Tickets",
    `---\nsheaf: 1\n---\n\n\`\`\`data tickets\n---\nfile: tickets.csv\nkey: id\n---\n\`\`\`\n\n\`\`\`\`sheet whole\n---\nrows: tickets\n---\n\`\`\`template loud\n{{ row.text }}!\n\`\`\`\n\`\`\`\`\n`,
  );
  live = await notebooks.open(path);
  await live.trust();
  await until(async () => (await sheet())?.rowCount === 4);
  expect(await sheet()).toMatchObject({ settled: true, change: null });
  await writeFile(dataset, "id,text\n2,b\n3,other\n4,d\n5,e\n6,f\n");
  await until(async () => (await sheet())?.rowCount === 5);
  expect((await sheet())?.change).toMatchObject({ added: 2, changed: 1, gone: 1 });
  await until(async () => {
    const page = await live.session.sheetRows("whole", wholeSheet, { from: 0, to: 10 });
    return page?.rows.map(({ cells }) => cells["loud"]?.[0]?.value).every((value) => value != null) ?? false;
  });
});

test("a sheet whose rows cannot be opened says why, on the page and once where the server runs", async () => {
  const path = await notebooks.create(
    "Keyless",
    `---\nsheaf: 1\n---\n\n\`\`\`data tickets\nid,text\n1,a\n\`\`\`\n\n\`\`\`\`sheet whole\n---\nrows: tickets\nkey: number\n---\n\`\`\`template loud\n{{ row.text }}!\n\`\`\`\n\`\`\`\`\n`,
  );
  live = await notebooks.open(path);
  await until(async () => (await sheet())?.problem?.code === "sheet.no-column");
  expect(await sheet()).toMatchObject({ rowCount: null, settled: false });
  await live.setInputs({});
  await live.session.run({ type: "cells", cells: ["tickets"] }).done;
  expect(reported).toEqual([
    "opening the sheet whole of notebooks/keyless.md: the rows of `whole` have no column `number` to tell them apart by (sheet.no-column) / They have: id, text.",
  ]);
  await live.apply([{ type: "set-configuration", cell: "whole", path: ["key"], value: "id" }]);
  await until(async () => (await sheet())?.rowCount === 1);
  expect((await sheet())?.problem).toBeNull();
});

test("rows of before are shown while those of now are not settled, and are said to be", async () => {
  const path = await notebooks.create(
    "Rows",
    `---\nsheaf: 1\n---\n\n\`\`\`data tickets\n---\nkey: id\nrun: manual\n---\nid,text\n1,a\n2,b\n\`\`\`\n\n\`\`\`\`sheet whole\n---\nrows: tickets\n---\n\`\`\`template loud\n{{ row.text }}!\n\`\`\`\n\`\`\`\`\n`,
  );
  live = await notebooks.open(path);
  await live.trust();
  expect(await live.session.sheetRows("whole", wholeSheet, { from: 0, to: 10 })).toBeNull();
  await live.run({ scope: { type: "cells", cells: ["tickets"] }, title: "tickets" }).done;
  await until(async () => (await sheet())?.settled === true);
  await live.apply([{ type: "set-source", cell: "tickets", source: "id,text\n1,a\n2,b\n3,c" }]);
  await until(async () => (await sheet())?.settled === false);
  expect((await sheet())?.rowCount).toBe(2);
  const page = await live.session.sheetRows("whole", wholeSheet, { from: 0, to: 10 });
  expect(page).toMatchObject({ settled: false, total: 2 });
});

test("what was spent today is told also of calls that are none of the notebook's", async () => {
  const spent = async () => {
    const { spentToday, unpricedToday } = (await view()).head.head;
    return [spentToday > 0, unpricedToday];
  };
  expect(await spent()).toEqual([false, 0]);
  for (const model of ["openai/gpt-5-mini", "openai/nobody-knows"])
    await workspace.runtime.caller.chat(
      {
        ...{ model, messages: [{ role: "user", content: "Hello" }], parameters: {} },
        ...{ address: { cell: "v1", at: {} }, step: 0, repeat: 0 },
      },
      { notebook: "", run: "outside" },
    );
  await until(async () => JSON.stringify(await spent()) === "[true,1]");
});
