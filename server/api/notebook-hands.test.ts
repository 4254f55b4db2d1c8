import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cellKinds } from "#server/cells/index.ts";
import { fence, notebookText } from "#server/runner/__fixtures__/test-workspace.ts";
import type { ViewEvent } from "#server/workbench/view.ts";
import { testApi, type TestApi } from "./__fixtures__/test-api.ts";

let api: TestApi;

beforeEach(async () => {
  api = await testApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const text = notebookText(
  "inputs:\n  message: { type: string, default: Hi }\nmodels: { small: server/small }\n",
  fence("data people", "name,age\nAda,36\nBo,9"),
  "# Greetings",
  fence("template hello", "Hello {{ message }}"),
  fence("template shout", "{{ hello }}!"),
);
const made = (content = text): Promise<string> => api.caller.notebooks.create({ title: "Greeting", text: content });
const textOf = (path: string): Promise<string> => api.caller.notebook.text({ path });
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (thrown: { cause?: { code?: string } }) => thrown.cause?.code,
  );

describe("a new cell", () => {
  test.each([...cellKinds.keys()])(
    "of kind %s has a free name and a text that is no error where it can be none",
    async (kind) => {
      const path = await made();
      const at = { after: "shout" };
      const { cell } = await api.caller.notebook.insertCell({ path, kind, at });
      expect(cell).toBe(kind);
      expect((await api.caller.notebook.insertCell({ path, kind, at })).cell).toBe(`${kind}_2`);
      const { session } = await api.notebooks.open(path);
      expect(session.diagnostics.filter(({ cell: about, severity }) => about === kind && severity === "error")).toEqual(
        // These have a place in a sheet only.
        ["formula", "score", "label"].includes(kind) ? expect.anything() : [],
      );
    },
  );

  test("begins with what stands near it: the nearest table with its columns, the notebook's model, its input", async () => {
    const path = await made();
    await (await api.notebooks.open(path)).session.run({ type: "stale" }).done;
    await api.caller.notebook.insertCell({ path, kind: "prompt", at: { after: "shout" } });
    await api.caller.notebook.insertCell({ path, kind: "chart", at: { after: "prompt" } });
    await api.caller.notebook.insertCell({ path, kind: "template", at: { startOf: null } });
    const now = await textOf(path);
    expect(now).toContain("```prompt prompt\n---\nmodel: small\n---\n{{ message }}\n```");
    expect(now).toContain("```chart chart\ndata: people\ntype: bar\nx: name\ny: age\n```");
    expect(now.indexOf("```template template\n{{ message }}\n```")).toBeLessThan(now.indexOf("```data people"));
  });

  test("in a sheet stands in the sheet and is named by it", async () => {
    const path = await made(
      `${text}\n${fence("sheet each", "---\nrows: people\n---\n" + fence("template line", "{{ row.name }}"))}\n`,
    );
    expect(await api.caller.notebook.insertCell({ path, kind: "label", at: { after: "each.line" } })).toEqual({
      cell: "each.label",
    });
    expect(await api.caller.notebook.insertCell({ path, kind: "label", at: { endOf: "each" } })).toEqual({
      cell: "each.label_2",
    });
    expect((await api.notebooks.open(path)).session.state.notebook.cells.at(-1)!.cells.map(({ name }) => name)).toEqual(
      ["line", "label", "label_2"],
    );
  });
});

describe("copying and pasting", () => {
  test("copies blocks as the Markdown they are, in the order asked for, and pastes them elsewhere as they were", async () => {
    const path = await made();
    const copied = await api.caller.notebook.copy({ path, blocks: ["prose:people", "hello", "gone"] });
    expect(copied).toBe("# Greetings\n\n```template hello\nHello {{ message }}\n```\n");
    const other = await api.caller.notebooks.create({ title: "Other" });
    expect(await api.caller.notebook.paste({ path: other, at: { endOf: null }, text: copied })).toEqual({
      cells: ["hello"],
      isRequest: false,
      notices: [],
    });
    expect((await textOf(other)).endsWith(`\n\n${copied}`)).toBe(true);
  });

  test("gives cells whose names are taken free ones, and what was pasted with them reads those; all in one step", async () => {
    const path = await made();
    const copied = await api.caller.notebook.copy({ path, blocks: ["hello", "shout"] });
    const pasted = await api.caller.notebook.paste({ path, at: { after: "shout" }, text: copied });
    expect(pasted).toEqual({ cells: ["hello_2", "shout_2"], isRequest: false, notices: [] });
    expect(await textOf(path)).toContain("```template shout_2\n{{ hello_2 }}!\n```");
    await api.caller.notebook.undo({ path });
    expect(await textOf(path)).toBe(text);
  });

  test("takes the cells of a whole notebook without its front matter, and plain text as text", async () => {
    const path = await made();
    const { cells } = await api.caller.notebook.paste({
      path,
      at: { after: "shout" },
      text: text.replaceAll("\n", "\r\n"),
    });
    expect(cells).toEqual(["people_2", "hello_2", "shout_2"]);
    expect((await textOf(path)).match(/sheaf: 1/g)).toHaveLength(1);
    expect(await api.caller.notebook.paste({ path, at: { after: "shout" }, text: "Only words." })).toEqual({
      cells: [],
      isRequest: false,
      notices: [],
    });
    expect(await textOf(path)).toContain("\nOnly words.\n");
  });

  test("makes a request to a model the prompt that sends it, and that the request again", async () => {
    const path = await made();
    const request = JSON.stringify({ model: "gpt-5-mini", messages: [{ role: "user", content: "Hi" }], tools: [] });
    const pasted = await api.caller.notebook.paste({ path, at: { after: "hello" }, text: request });
    expect(pasted).toMatchObject({ cells: ["prompt"], isRequest: true, notices: [expect.stringContaining("tools")] });
    expect(await textOf(path)).toContain("```prompt prompt\n---\nmodel: openai/gpt-5-mini\n---\nuser:\nHi\n```");
    const { code } = await api.caller.notebook.requestCode({ path, cell: "prompt", at: {}, language: "curl" });
    expect(code).toContain('"content": "Hi"');
    const words = { path, at: { after: "hello" }, text: "Only words.", request: true };
    expect(await codeOf(api.caller.notebook.paste(words))).toBe("paste.no-request");
    expect(await codeOf(api.caller.notebook.requestCode({ path, cell: "hello", at: {}, language: "curl" }))).toBe(
      "preview.none",
    );
  });

  test("copies a sheet's cell without the sheet's indentation", async () => {
    const path = await made(notebookText("", " ~~~sheet each\n ```template line\n a\n   b\n ```\n ~~~"));
    expect(await api.caller.notebook.copy({ path, blocks: ["each.line"] })).toBe("```template line\na\n  b\n```\n");
  });
});

test("an edit made from a text that is another by now is refused", async () => {
  const path = await made();
  const edit = { type: "edit" as const, edits: [{ start: 0, end: 0, text: "" }] };
  const { revision } = await api.caller.notebook.textWithRevision({ path });
  await api.caller.notebook.edit({ path, operations: [edit], base: { revision } });
  await api.caller.notebook.edit({ path, operations: [{ type: "set-source", cell: "hello", source: "Hey" }] });
  expect(await codeOf(api.caller.notebook.edit({ path, operations: [edit], base: { revision } }))).toBe(
    "edit.conflict",
  );
});

test("taking back an edit of text names the block to show", async () => {
  const path = await made();
  const { segments, text: whole } = (await api.notebooks.open(path)).session.state.notebook;
  const segment = segments.findIndex(({ start, end }) => whole.slice(start, end).includes("# Greetings"));
  await api.caller.notebook.edit({ path, operations: [{ type: "set-prose", segment, text: "\n# Hi\n\n" }] });
  expect(await api.caller.notebook.undo({ path })).toEqual({ title: "editing text", cell: "prose:people" });
});

describe("inputs", () => {
  test("are kept under a name, taken again, renamed and taken away, and stand in the notes beside the notebook", async () => {
    const path = await made();
    await api.caller.notebook.setInput({ path, name: "message", value: "Late card" });
    await api.caller.notebook.keepCase({ path, name: "late" });
    await api.caller.notebook.renameCase({ path, name: "late", to: "late card" });
    await api.caller.notebook.keepCase({ path, name: "other" });
    await api.caller.notebook.removeCase({ path, name: "other" });
    const { session } = await api.notebooks.open(path);
    expect([...session.cases()]).toEqual([["late card", { message: "Late card" }]]);
    expect(await readFile(join(api.workspace.folder, path.replace(".md", ".notes.jsonl")), "utf8")).toContain(
      '"late card"',
    );
    expect(await codeOf(api.caller.notebook.setInputs({ path, values: { gone: 1, message: "Hey" } }))).toBe(
      "input.unknown",
    );
    expect(session.givenInputs()).toEqual({ message: "Hey" });
  });

  test("that are texts are read by their types, and data with whole numbers of many digits has its JSON for its field", async () => {
    const path = await made(
      notebookText(
        "inputs:\n  n: { type: number, default: 1 }\n  j: { type: json, default: [1] }\n",
        fence("template t", "{{ n }} {{ j }}"),
      ),
    );
    await api.caller.notebook.setInputs({
      path,
      values: {},
      texts: { n: "9007199254740993", j: '["1", 9007199254740995]' },
    });
    const { session, feed } = await api.notebooks.open(path);
    expect(session.givenInputs()).toEqual({ n: 9_007_199_254_740_993n, j: ["1", 9_007_199_254_740_995n] });
    expect(await codeOf(api.caller.notebook.setInputs({ path, values: {}, texts: { gone: "1" } }))).toBe(
      "input.unknown",
    );
    const leave = new AbortController();
    const { value } = await feed.subscribe(null, leave.signal).next();
    leave.abort();
    const { view } = value as Extract<ViewEvent, { type: "snapshot" }>;
    expect(view.head.head.inputs.map(({ json }) => json)).toEqual([undefined, '["1",9007199254740995]']);
  });

  test("of the last runs are offered newest first, each once, also after a restart", async () => {
    const path = await made();
    for (const value of ["one", "two", "one"]) {
      await api.caller.notebook.setInput({ path, name: "message", value });
      await (await api.notebooks.open(path)).session.run({ type: "stale" }).done;
    }
    await api.restart();
    expect((await api.caller.notebook.lastInputs({ path })).map(({ values }) => values)).toEqual([
      { message: "one" },
      { message: "two" },
    ]);
  });
});

test("an example comes with what people did in it", async () => {
  const path = await api.caller.notebooks.takeExample({ file: "invoice-fields.md" });
  const { session } = await api.notebooks.open(path);
  expect(session.state.notes.has("reading.total_by_hand{reading=i33}")).toBe(true);
});

describe("a notebook that is trusted", () => {
  const written = async (name: string, content = text): Promise<string> => {
    await writeFile(join(api.workspace.folder, "notebooks", name), content);
    return `notebooks/${name}`;
  };
  const trusted = async (path: string): Promise<boolean> => (await api.notebooks.open(path)).session.trusted;

  test("was made here, by hand, from an example or as a copy; one that came from outside waits for a person, and is then for good", async () => {
    expect(await trusted(await made())).toBe(true);
    expect(await trusted(await api.caller.notebooks.takeExample({ file: "card-triage.md" }))).toBe(true);
    const stranger = await written("stranger.md", `${text}\nFrom elsewhere.\n`);
    expect(await trusted(stranger)).toBe(false);
    expect(await trusted(await api.caller.notebooks.duplicate({ path: stranger }))).toBe(false);
    await api.caller.notebook.trust({ path: stranger });
    await api.restart();
    expect(await trusted(stranger)).toBe(true);
    expect(await trusted(await written("copy.md", `${text}\nFrom elsewhere.\n`))).toBe(true);
  });

  test("stays so when it is renamed, or removed and put back; another that comes to its path is a stranger", async () => {
    const path = await made();
    const to = await api.caller.notebooks.rename({ path, to: "notebooks/renamed.md" });
    expect(await trusted(to)).toBe(true);
    const removed = await api.caller.notebooks.remove({ path: to });
    await written("renamed.md", `${text}\nAnother.\n`);
    expect(await trusted(to)).toBe(false);
    expect(await codeOf(api.caller.notebooks.restore({ removed, path: to }))).toBe("notebook.exists");
    await api.caller.notebooks.remove({ path: to });
    await api.caller.notebooks.restore({ removed, path: to });
    expect(await textOf(to)).toBe(text);
    expect(await trusted(to)).toBe(true);
  });
});

test("a copy has the notebook's text with a title that says so, and its notes", async () => {
  const path = await made();
  await api.caller.notebook.keepCase({ path, name: "usual" });
  const copy = await api.caller.notebooks.duplicate({ path });
  expect(await textOf(copy)).toContain("title: greeting copy\n");
  expect([...(await api.notebooks.open(copy)).session.cases().keys()]).toEqual(["usual"]);
});

describe("the baseline", () => {
  const scored = (greeting: string): string =>
    notebookText(
      "",
      fence("data people", "---\nkey: name\n---\nname,said\nAda,Hi Ada\nBo,Hi Bo"),
      fence(
        "sheet each",
        `---\nrows: people\n---\n${fence("template hello", greeting)}\n${fence("score right", "---\noutput: =hello\nexpected: =row.said\n---\n- equals")}`,
      ),
    );

  test("is what is there when it is kept, and what comes later is compared with it", async () => {
    const path = await made(scored("Hi {{ row.name }}"));
    expect(await api.caller.notebook.besideBaseline({ path })).toBeNull();
    expect(await codeOf(api.caller.notebook.keepBaseline({ path }))).toBe("baseline.nothing");
    const { session } = await api.notebooks.open(path);
    await session.run({ type: "stale" }).done;
    expect(await api.caller.notebook.keepBaseline({ path })).toEqual({
      name: "greeting.baseline.jsonl",
      results: 5,
      bytes: (await readFile(join(api.workspace.folder, "notebooks/greeting.baseline.jsonl"))).length,
      failed: 0,
      left: { stale: 0, never: 0, unfinished: 0, sheets: [] },
    });
    expect(await api.caller.notebook.besideBaseline({ path })).toMatchObject({ verdict: "pass", worse: [] });
    await (
      await api.notebooks.open(path)
    ).apply([{ type: "set-source", cell: "each.hello", source: "{{ 'Hi Ada' if row.name == 'Ada' else 'Bye' }}" }]);
    await session.run({ type: "stale" }).done;
    expect(await api.caller.notebook.besideBaseline({ path })).toMatchObject({
      name: "greeting.baseline.jsonl",
      verdict: "pass",
      differs: ["the notebook's text"],
      scores: [{ cell: "each.right", n: 2, then: 1, now: 0.5 }],
      worse: [{ cell: "each.right", labels: {}, row: "Bo", text: "Hi Bo", then: { pass: true }, now: { pass: false } }],
    });
  });

  test("is not kept while a run is on", async () => {
    api.workspace.script = () => ({ text: "late", hold: true });
    const path = await made(notebookText("", fence("prompt late", "---\nmodel: server/small\n---\nhi")));
    await api.caller.notebook.run({ path, scope: { type: "stale" }, title: "all" });
    await api.workspace.server.until((server) => server.inFlight().length === 1);
    expect(await codeOf(api.caller.notebook.keepBaseline({ path }))).toBe("notebook.busy");
    api.workspace.server.release();
  });

  test("that is broken is said with its line, and the notebook opens", async () => {
    const path = await made();
    await writeFile(join(api.workspace.folder, "notebooks/greeting.baseline.jsonl"), ">>>>>>> theirs\n");
    expect(await codeOf(api.caller.notebook.besideBaseline({ path }))).toBe("baseline.conflict");
    expect(await textOf(path)).toContain("Greetings");
  });
});
