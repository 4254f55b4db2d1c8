import { existsSync } from "node:fs";
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelFile } from "#server/models/files/model-file.ts";
import { modelRegistry } from "#server/models/files/model-registry.ts";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";

const licensed: ModelFile = {
  kind: "chat",
  style: "instruct",
  name: "local/licensed",
  title: "A model with terms of its own",
  file: "licensed.gguf",
  sha256: "0".repeat(64),
  bytes: 4,
  contextLength: 16,
  licence: { title: "Terms", url: "https://example.org/terms", agreement: "You are kind to it." },
  sources: [{ type: "hugging-face", repository: "example/licensed", revision: "main", file: "licensed.gguf" }],
};
const registry: ModelFile[] = [licensed];

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace({ runtime: { modelRegistry: registry } })));
afterAll(() => here[Symbol.asyncDispose]());

const greeting = (word: string): string =>
  notebookText("inputs: { name: string }\noutputs: [greeting]\n", fence("template greeting", `${word} {{ name }}`));

describe("publishing", () => {
  test("makes the next version of a slug and makes it live; the slug is the file's name where none is given", async () => {
    const first = await here.publish(greeting("Hello"), { notebook: "work/Card triage.md", note: "first" });
    expect(first).toMatchObject({ slug: "card-triage", version: 1, note: "first" });
    const second = await here.publish(greeting("Hi"), { notebook: "work/Card triage.md" });
    expect(second).toMatchObject({ slug: first.slug, version: 2, note: null });
    const { publications } = here.publishing;
    expect((await publications.versions(first.slug)).map(({ version, note }) => [version, note])).toEqual([
      [2, null],
      [1, "first"],
    ]);
    expect((await here.run(first.slug, { name: "Ada" })).body).toMatchObject({
      outputs: { greeting: "Hi Ada" },
      version: 2,
    });
    expect((await here.run(`${first.slug}@v1`, { name: "Ada" })).body).toMatchObject({
      outputs: { greeting: "Hello Ada" },
      version: 1,
    });
  });

  test("can be gone back on: another version becomes live at once, and what was done is listed with its time", async () => {
    const { slug } = await here.publish(greeting("One"), { slug: "rolled" });
    await here.publish(greeting("Two"), { slug: "rolled" });
    expect((await here.run(slug, { name: "x" })).body.version).toBe(2);
    here.workspace.ahead += 5_000;
    await here.publishing.publications.makeLive(slug, 1);
    expect((await here.run(slug, { name: "x" })).body).toMatchObject({ version: 1, outputs: { greeting: "One x" } });
    const changes = await here.publishing.publications.changes(slug);
    expect(changes.map(({ change, version }) => `${change} ${version}`)).toEqual([
      "published 1",
      "published 2",
      "made live 1",
    ]);
    expect(changes[2]!.at - changes[1]!.at).toBeGreaterThanOrEqual(5_000);
    await expect(here.publishing.publications.makeLive(slug, 9)).rejects.toMatchObject({ code: "endpoint.no-version" });
    expect((await here.publish(greeting("Three"), { slug: "rolled" })).version).toBe(3);
  });

  test("takes a slug of small letters, digits and hyphens, which is one notebook's", async () => {
    for (const slug of ["", "Card", "a_b", "-a", "a-", "a.b", "runs", "a".repeat(64)])
      await expect(here.publish(greeting("Hi"), { slug })).rejects.toMatchObject({ code: "publish.slug" });
    await here.publish(greeting("Hi"), { slug: "mine-2", notebook: "a.md" });
    await expect(here.publish(greeting("Hi"), { slug: "mine-2", notebook: "b.md" })).rejects.toMatchObject({
      code: "endpoint.slug-taken",
    });
  });

  test("of a draft changes nothing for callers before it is published, and a new version nothing of the old", async () => {
    const { slug, notebook } = await here.publish(greeting("Kept"));
    const session = await here.workspace.open(greeting("Draft"), { path: notebook, inputs: { name: "y" } });
    await session.run({ type: "stale" }).done;
    expect((await here.run(slug, { name: "x" })).body.outputs).toEqual({ greeting: "Kept x" });
    await here.publish(greeting("Newer"), { slug, notebook });
    expect((await here.run(slug, { name: "x" })).body.outputs).toEqual({ greeting: "Newer x" });
    expect((await here.run(`${slug}@v1`, { name: "x" })).body.outputs).toEqual({ greeting: "Kept x" });
  });

  test("takes the example that comes with Sheaf, with its local models and its dataset", async () => {
    const example = new URL("../../public/examples/card-triage.md", import.meta.url);
    await cp(new URL("../../datasets/banking77", import.meta.url), join(here.workspace.folder, "datasets/banking77"), {
      recursive: true,
    });
    registry.push(...modelRegistry);
    const { models, datasets } = await here.publish(await readFile(example, "utf8"));
    registry.splice(1);
    expect(Object.values(models).map(({ model }) => model)).toEqual([
      "local/all-minilm-l6-v2",
      "local/smollm2-135m-instruct",
    ]);
    expect(datasets.map(({ path }) => path)).toEqual(["banking77/train.csv"]);
  });

  test("spends nothing and computes nothing", async () => {
    here.workspace.sent();
    await here.publish(
      notebookText("outputs: [answer]\n", fence("prompt answer", "---\nmodel: server/small\n---\npublishing")),
    );
    expect(here.workspace.sent()).toEqual([]);
  });
});

describe("a notebook is not published", () => {
  const refused = (text: string) =>
    here.publish(text).then(
      () => "published",
      (thrown: { code: string; message: string; cure: string }) => thrown,
    );

  test("without outputs, or where it is none", async () => {
    expect(await refused(notebookText("", fence("template a", "1")))).toMatchObject({
      code: "publish.no-outputs",
      cure: expect.stringContaining("outputs: [") as string,
    });
    expect(await refused("# Only prose\n")).toMatchObject({ code: "publish.not-a-notebook" });
  });

  test("with a column that is called as the error of a row", async () => {
    const sheet = (key: string, column: string) =>
      refused(
        notebookText(
          "outputs: [s]\n",
          fence("sql rows", `select 1 as ${key}`),
          fence("sheet s", `---\nrows: rows\nkey: ${key}\n---\n${fence(`template ${column}`, "none")}`),
        ),
      );
    for (const refusal of [await sheet("id", "error"), await sheet("error", "said")])
      expect(refusal).toMatchObject({
        code: "publish.errors",
        message: expect.stringContaining("`s` has a column `error`") as string,
      });
    expect(await sheet("id", "errors")).toBe("published");
  });

  test("with errors in what its outputs need; others do no harm", async () => {
    const wrong = fence("template wrong", "{{ nobody }}");
    const cells = [fence("template fine", "1"), wrong, fence("template reads", "{{ wrong }}")];
    expect(await refused(notebookText("outputs: [fine]\n", ...cells))).toBe("published");
    expect(await refused(notebookText("outputs: [reads]\n", ...cells))).toMatchObject({
      code: "publish.errors",
      message: expect.stringContaining("line 11: there is no input or cell `nobody`") as string,
      problems: [{ cell: "wrong", position: { line: 11 } }],
    });
    expect(await refused(notebookText("outputs: [fine, gone]\n", ...cells))).toMatchObject({ code: "publish.errors" });
    expect(
      await refused(
        notebookText("outputs: [a]\n", fence("prompt a", "---\nmodel: server/small\ntemperature: 9\n---\nHi")),
      ),
    ).toMatchObject({ code: "publish.errors" });
  });

  test("with a field that is read first and goes by an input without a default: what it needs would not be known", async () => {
    const text = (input: string): string =>
      notebookText(`inputs: { n: ${input} }\noutputs: [a]\n`, fence("template a", "---\nrepeat: =n\n---\nx"));
    expect(await refused(text("number"))).toMatchObject({
      code: "publish.errors",
      problems: [{ cell: "a", message: "`repeat` goes by the input `n`, which has no value" }],
    });
    expect(await refused(text("{ default: 2 }"))).toBe("published");
  });

  test("with a model or a dataset that is not there, or a default of another type", async () => {
    const prompt = fence("prompt a", "---\nmodels: [server/small, nobody/knows]\n---\nHi");
    expect(await refused(notebookText("choose: { model: server/small }\noutputs: [a]\n", prompt))).toBe("published");
    expect(await refused(notebookText("choose: { model: nobody/knows }\noutputs: [a]\n", prompt))).toMatchObject({
      code: "publish.errors",
      message: expect.stringContaining("nobody") as string,
    });
    expect(await refused(notebookText("outputs: [a]\n", fence("sql a", "from 'gone.csv'")))).toMatchObject({
      code: "publish.errors",
      message: expect.stringContaining("gone.csv") as string,
    });
    const computed = [fence("template name", "a"), fence("data a", '---\nfile: =name ~ ".csv"\n---')];
    expect(await refused(notebookText("outputs: [a]\n", ...computed))).toMatchObject({
      problems: [{ code: "publish.computed-file", cell: "a" }],
    });
    const spent = fence("sql spent", "select count(*) as n from calls");
    expect(await refused(notebookText("outputs: [spent]\n", spent))).toMatchObject({
      problems: [{ code: "publish.reads-calls", cell: "spent" }],
    });
    expect(
      await refused(
        notebookText("inputs: { n: { type: number, default: five } }\noutputs: [a]\n", fence("template a", "1")),
      ),
    ).toMatchObject({ code: "publish.errors", message: expect.stringContaining("default of `n`") as string });
  });

  test("where a model waits for an agreement", async () => {
    const text = notebookText("outputs: [a]\n", fence("prompt a", "---\nmodel: local/licensed\n---\nHi"));
    expect(await refused(text)).toMatchObject({
      code: "publish.consent",
      cure: expect.stringContaining("models pull") as string,
    });
    await here.workspace.runtime.store.consents.give("local/licensed", "You are kind to it.", 1);
    expect(await refused(text)).toBe("published");
  });
});

describe("a version keeps", () => {
  test("its datasets: a later edit of a file changes nothing of what it answers, also after a restart without the cache", async () => {
    await here.dataset("people.csv", "name\nAda\n");
    await here.dataset("many.csv", `name\n${Array.from({ length: 300 }, (_, index) => `n${index}`).join("\n")}\n`);
    await here.dataset("latin.csv", "name\nplain\n");
    const { slug } = await here.publish(
      notebookText(
        "inputs: { given: { type: table, default: people.csv } }\noutputs: [count, first, latin]\n",
        fence("data people", "---\nfile: people.csv\n---"),
        fence("sql rows", "select count(*) as n from 'many.csv'"),
        fence("template count", "{{ rows[0].n }} and {{ people | length }}"),
        fence("template first", "{{ given[0].name }}"),
        fence("data encoded", "---\nfile: latin.csv\nencoding: latin1\n---"),
        fence("template latin", "{{ encoded[0].name }}"),
      ),
    );
    const before = await here.run(slug, {});
    expect(before.body.outputs).toEqual({ count: "300 and 1", first: "Ada", latin: "plain" });
    for (const name of ["people.csv", "many.csv", "latin.csv"]) await here.dataset(name, "name\nBo\nCy\nDi\n");
    expect((await here.run(slug, {})).body.outputs).toEqual(before.body.outputs);
    const second = await here.publish((await here.publishing.publications.versions(slug))[0]!.text, {
      slug,
      notebook: (await here.publishing.publications.versions(slug))[0]!.notebook,
    });
    await here.publishing.close();
    await rm(join(here.workspace.folder, ".sheaf/cache"), { recursive: true });
    await here.restart();
    expect((await here.run(`${slug}@v1`, {})).body.outputs).toEqual(before.body.outputs);
    expect((await here.run(slug, {})).body).toMatchObject({
      version: second.version,
      outputs: { count: "3 and 3", first: "Bo", latin: "Bo" },
    });
  });

  test("what it needs of tables by name, so that nothing deletes their files", async () => {
    const kept = await here.workspace.runtime.store.endpoints.tables();
    expect(kept.length).toBeGreaterThan(0);
    for (const hash of kept)
      expect(existsSync(join(here.workspace.folder, ".sheaf/state/tables", `${hash}.parquet`))).toBe(true);
  });

  test("nothing in the cache: what was computed once for all callers is computed again where that was deleted", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { least: number }\noutputs: [enough]\n",
        fence("data words", "word\none\nthree"),
        fence("sheet lengths", `---\nrows: words\n---\n${fence("formula n", "length(word)")}`),
        fence("template enough", "{{ mean(lengths.n) > least }}"),
      ),
    );
    expect((await here.run(slug, { least: 3 })).body.outputs).toEqual({ enough: "true" });
    for (const name of ["tables.duckdb", "tables.duckdb.wal"])
      await rm(join(here.workspace.folder, ".sheaf/cache", name), { force: true });
    await here.run(slug, { least: 3 });
    expect((await here.run(slug, { least: 5 })).body.outputs).toEqual({ enough: "false" });
  });

  test("its models by full name and identity, of those compared only the chosen one", async () => {
    const { models } = await here.publish(
      notebookText(
        "models: { small: server/small, big: { model: openai/gpt-5-mini, temperature: 0 } }\nchoose: { model: big }\noutputs: [a, b]\n",
        fence("prompt a", "---\nmodels: [small, big]\n---\nHi"),
        fence("prompt b", "---\nmodel: local/licensed\n---\nHi"),
      ),
    );
    expect(models).toEqual({
      big: { model: "openai/gpt-5-mini", identity: { provider: "openai", baseUrl: expect.any(String) as string } },
      "local/licensed": { model: "local/licensed", identity: { provider: "local", file: licensed.sha256 } },
    });
  });

  test("a reranker among them, whether it embeds or answers", async () => {
    registry.push(...modelRegistry);
    const search = (name: string, more: string): string =>
      fence(`retrieve ${name}`, `from: rows\nquery: a\nmode: keyword\n${more}`);
    const { models } = await here.publish(
      notebookText(
        "models: { judge: server/small }\noutputs: [found, varied]\n",
        fence("data rows", "---\nkey: text\n---\ntext\na"),
        search("found", "rerank: { model: local/all-minilm-l6-v2, of: 3 }"),
        search("varied", "vary: { by: [judge, ~] }\nrerank: =vary.by"),
      ),
      {},
    );
    expect(Object.entries(models).map(([name, { model, identity }]) => [name, model, identity["provider"]])).toEqual([
      ["local/all-minilm-l6-v2", "local/all-minilm-l6-v2", "local"],
      ["judge", "server/small", "openai-compatible"],
    ]);
    registry.splice(1);
  });

  test("a model that embeds among them, by the short name it has", async () => {
    registry.push(...modelRegistry);
    const { models } = await here.publish(
      notebookText(
        "models: { vectors: local/all-minilm-l6-v2 }\noutputs: [found]\n",
        fence("data rows", "---\nkey: text\n---\ntext\na"),
        fence("retrieve found", "from: rows\nquery: a\nembedding: vectors"),
      ),
      {},
    );
    expect(models).toMatchObject({ vectors: { model: "local/all-minilm-l6-v2", identity: { provider: "local" } } });
    registry.splice(1);
  });

  test("the file of a local model: with another one it does not answer, instead of answering otherwise", async () => {
    const { slug } = await here.publish(
      notebookText("outputs: [a]\n", fence("prompt a", "---\nmodel: local/licensed\n---\nHi")),
    );
    registry[0] = { ...licensed, sha256: "1".repeat(64) };
    await here.restart();
    const unavailable = { status: 503, body: { error: { code: "request.unavailable" } } };
    expect(await here.run(slug, {})).toMatchObject(unavailable);
    expect(await here.ask("GET", `/api/${slug}/openapi.json`)).toMatchObject(unavailable);
    registry[0] = licensed;
    await here.restart();
  });

  test("the notebook alone: what people edited in its results is no caller's answer", async () => {
    const text = notebookText(
      "inputs: { name: string }\noutputs: [greeting]\n",
      fence("template greeting", "Dear {{ name }}"),
    );
    const { slug, notebook } = await here.publish(text);
    const session = await here.workspace.open(text, { path: notebook, inputs: { name: "Ada" } });
    await session.run({ type: "stale" }).done;
    await session.note({ address: "greeting", type: "edited", value: { type: "string", value: "mine" } });
    expect((await here.run(slug, { name: "Bo" })).body.outputs).toEqual({ greeting: "Dear Bo" });
  });
});
