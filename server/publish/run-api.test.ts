import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace()));
afterAll(() => here[Symbol.asyncDispose]());

const inputs = [
  "inputs:",
  "  message: string",
  "  tone: [formal, plain]",
  "  count: { type: number, default: 2 }",
  "  strict: { type: boolean, default: false }",
  "  history: { type: messages, default: [] }",
  "  extra: { type: json, default: null }",
  "  people: { type: table, default: [] }",
  "",
].join("\n");
const typed = notebookText(
  `${inputs}outputs: [said]\n`,
  fence(
    "template said",
    "{{ message }}/{{ tone }}/{{ count }}/{{ strict }}/{{ history | length }}/{{ extra }}/{{ people | length }}",
  ),
);

describe("POST /api/run/:slug", () => {
  test("answers with the outputs, what was used and spent, and nothing of how it was made", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { name: string }\noutputs: [letter, long]\nmodels: { secret_alias: openai/gpt-5-mini }\n",
        fence("template secret_step", "hidden words for {{ name }}"),
        fence(
          "prompt letter",
          "---\nmodel: secret_alias\ntemperature: 0.25\n---\nsystem:\nhidden system\nuser:\n{{ secret_step }}",
        ),
        fence("js long", "return letter.length"),
      ),
    );
    here.workspace.sent();
    const { status, body, headers } = await here.run(slug, { name: "Ada" });
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(body).toEqual({
      outputs: { letter: "<hidden words for Ada>", long: 22 },
      usage: { input: expect.any(Number), output: expect.any(Number), calls: { made: 1, cached: 0 } },
      cost: expect.any(Number),
      version: 1,
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      outcome: "done",
    });
    expect(body.usage.input).toBeGreaterThan(0);
    expect(body.usage.output).toBeGreaterThan(0);
    expect(body.cost).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/secret|system|temperature|gpt/);
    expect(here.workspace.sent()).toHaveLength(1);

    const again = await here.run(slug, { name: "Ada" });
    expect(again.body).toEqual({
      ...body,
      usage: { input: 0, output: 0, calls: { made: 0, cached: 1 } },
      cost: 0,
      runId: expect.not.stringContaining(body.runId),
    });
    expect(here.workspace.sent()).toEqual([]);
  });

  test("says a cost that is not known as null", async () => {
    const { slug } = await here.publish(
      notebookText("outputs: [a]\n", fence("prompt a", "---\nmodel: openai/nobody-has-prices-for-this\n---\nunpriced")),
    );
    expect((await here.run(slug, {})).body).toMatchObject({ outcome: "done", cost: null });
  });

  test("takes inputs of every type, and the defaults of those that are not given", async () => {
    const { slug } = await here.publish(typed);
    expect((await here.run(slug, { message: "Hi", tone: "plain" })).body.outputs).toEqual({
      said: "Hi/plain/2/false/0//0",
    });
    const given = {
      message: "",
      tone: "formal",
      count: 12345678901234567890n,
      strict: true,
      history: [{ role: "user", content: "x" }],
      extra: "e",
      people: [{ a: 1 }, { a: 2, b: "x" }],
    };
    const text = JSON.stringify({ inputs: { ...given, count: 0 } }).replace('"count":0', `"count":${given.count}`);
    const exact = await here.ask("POST", `/api/run/${slug}`, {
      body: text,
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(exact.body.outputs).toEqual({ said: "/formal/12345678901234567890/true/1/e/2" });
    expect((await here.run(slug, undefined, { body: {} })).status).toBe(400);
  });

  test("gives whole numbers of any length by their digits", async () => {
    const { slug } = await here.publish(
      notebookText("inputs: { n: number }\noutputs: [same]\n", fence("sql same", "select $n::hugeint as n")),
    );
    const answer = await here.api.request(`/api/run/${slug}`, {
      method: "POST",
      body: '{"inputs":{"n":12345678901234567890}}',
      headers: { "content-type": "application/json" },
    });
    expect(await answer.text()).toContain('"rows":[{"n":12345678901234567890}]');
  });

  test("tells everything that is wrong with the inputs, one entry for each thing", async () => {
    const { slug } = await here.publish(typed);
    const { status, body } = await here.run(slug, {
      tone: "loud",
      count: "many",
      strict: "yes",
      history: [1],
      people: "people.csv",
      mesage: "Hi",
    });
    expect(status).toBe(400);
    expect(body.error.code).toBe("request.inputs");
    expect(
      body.error.problems.toSorted((a: { input: string }, b: { input: string }) => (a.input < b.input ? -1 : 1)),
    ).toEqual([
      { input: "count", message: "the input `count` is string many. Give a number." },
      { input: "history", message: expect.stringContaining("Give a list of messages") },
      { input: "mesage", message: "there is no input `mesage`. Did you mean `message`?" },
      { input: "message", message: "the input `message` is required" },
      { input: "people", message: expect.stringContaining("Give a list of rows") },
      { input: "strict", message: expect.stringContaining("true or false") },
      { input: "tone", message: expect.stringContaining("one of formal, plain") },
    ]);
    for (const message of [{ role: "evil", content: "x" }, { role: "user", content: { a: 1 } }, { role: "user" }])
      expect(await here.run(slug, { message: "", tone: "plain", history: [message] })).toMatchObject({
        status: 400,
        body: { error: { problems: [{ input: "history" }] } },
      });
    const rows = await here.run(slug, { message: "", tone: "plain", people: [{ a: 1, A: 2 }] });
    expect(rows).toMatchObject({ status: 400, body: { error: { problems: [{ input: "people" }] } } });
  });

  test("refuses what is no JSON, or says something that means nothing", async () => {
    const { slug } = await here.publish(typed);
    const post = (body: string | Uint8Array<ArrayBuffer>) =>
      here.ask("POST", `/api/run/${slug}`, { body, headers: { "content-type": "application/json" } });
    for (const body of ["", "{", '{"inputs": {"message": "\\x"}}', new Uint8Array([0x22, 0xff, 0x22])])
      expect(await post(body)).toMatchObject({ status: 400, body: { error: { code: "request.not-json" } } });
    for (const inputs of ['{"extra":[1e999]}', '{"count":-1e999}', '{"people":[{"x":1e999}]}'])
      expect(await post(`{"inputs":${inputs}}`)).toMatchObject({
        status: 400,
        body: { error: { message: "the body is no JSON: a number is larger than any there is" } },
      });
    for (const levels of [500, 5_000, 100_000])
      expect(await post(`{"inputs":{"extra":${"[".repeat(levels)}${"]".repeat(levels)}}}`)).toMatchObject({
        status: 400,
        body: { error: { message: "the body is no JSON: lists and mappings go deeper than 500 levels" } },
      });
    expect(await post('{"inputs":{"message":"","tone":"plain","__proto__":{"strict":true}}}')).toMatchObject({
      status: 400,
      body: { error: { problems: [{ input: "__proto__" }] } },
    });
    for (const body of ["[]", "null", '"Hi"', '{"inputs":[]}', '{"inputs":{},"async":"yes"}'])
      expect(await post(body)).toMatchObject({ status: 400, body: { error: { code: "request.body" } } });
    expect((await post('{"message":"Hi"}')).body.error.message).toBe(
      'the body has a member `message` that means nothing. The body is `{ "inputs": { … } }`, with `"async": true` or `"dryRun": true` where that is wanted.',
    );
  });

  test("takes JSON whatever its type says, and refuses another method and what is not published", async () => {
    const { slug } = await here.publish(typed);
    const post = (target: string, headers: Record<string, string>) =>
      here.ask("POST", `/api/run/${target}`, { body: "{}", headers });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/vnd.sheaf+json"])
      expect(await post(slug, { "content-type": type })).toMatchObject({
        status: 400,
        body: { error: { code: "request.inputs" } },
      });
    expect((await post(slug, {})).body.error.code).toBe("request.inputs");
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const { status, headers } = await here.ask(method, `/api/run/${slug}`);
      expect([method, status, headers.get("allow")]).toEqual([method, 405, "POST"]);
    }
    expect((await here.ask("POST", "/api/runs/x")).headers.get("allow")).toBe("GET, DELETE");
    expect((await here.ask("POST", `/api/${slug}/openapi.json`)).headers.get("allow")).toBe("GET");
    for (const target of ["nothing", `${slug}@v2`, `${slug}@v0`, `${slug}@draft`, `${slug}@1`, "..%2fx", "A"])
      expect(await here.run(target, {})).toMatchObject({ status: 404, body: { error: { code: "request.unknown" } } });
  });

  test("computes only what the outputs need, at the labels that are chosen", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { name: string }\noutputs: [answer]\nchoose: { model: server/two, tone: plain }\n",
        fence(
          "prompt first",
          "---\nmodels: [server/one, server/two, server/three]\nvary: { tone: [formal, plain] }\n---\nchosen {{ vary.tone }} {{ name }}",
        ),
        fence("template answer", "{{ first }}!"),
        fence("prompt beside", "---\nmodel: server/one\n---\nbeside {{ name }}"),
        fence("score good", "---\noutput: =first\n---\n- contains: chosen"),
      ),
    );
    here.workspace.sent();
    const { body } = await here.run(slug, { name: "Ada" });
    expect(body.outputs).toEqual({ answer: "<chosen plain Ada>!" });
    expect(body.usage.calls).toEqual({ made: 1, cached: 0 });
    expect(here.workspace.sent()).toEqual(["chosen plain Ada"]);
    expect(here.workspace.server.requests().at(-1)!.body.model).toBe("two");
  });

  test("gives every kind of value as it is described, and null where a cell was skipped", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { wanted: boolean }\noutputs: [text, object, ones, good, gate, picture, skipped, reader]\n",
        fence("template text", "T"),
        fence("js object", "return { a: [1, null] }"),
        fence("sql ones", "select 1 as a, 'x' as b"),
        fence("score good", "---\noutput: =text\n---\n- equals: T"),
        fence("test gate", "good.pass"),
        fence("chart picture", "data: ones\ntype: bar\nx: b\ny: a"),
        fence("template skipped", "---\nwhen: =wanted\n---\nS"),
        fence("template reader", "{{ skipped }}"),
      ),
    );
    const off = await here.run(slug, { wanted: false });
    expect(off.body.outputs).toEqual({
      text: "T",
      object: { a: [1, null] },
      ones: { rows: [{ a: 1, b: "x" }], rowCount: 1 },
      good: { score: 1, pass: true, reason: expect.any(String) },
      gate: { verdict: "pass" },
      picture: { kind: "bar", x: "b", y: ["a"], rows: [{ a: 1, b: "x" }] },
      skipped: null,
      reader: null,
    });
    expect((await here.run(slug, { wanted: true })).body.outputs).toMatchObject({ skipped: "S", reader: "S" });
  });

  test("keeps a record of each request: inputs, answer, what was computed from which calls, and what it cost", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { n: string }\noutputs: [a]\n",
        fence("prompt a", "---\nmodel: openai/gpt-5-mini\n---\nkept {{ n }}"),
      ),
    );
    const { body } = await here.run(slug, { n: "1" });
    const [record] = await here.workspace.runtime.store.requests.list(slug, 10);
    expect(record).toMatchObject({ id: body.runId, slug, version: 1, status: "done", cost: body.cost, callsMade: 1 });
    expect(JSON.parse(record!.inputs)).toEqual({ n: "1" });
    expect(JSON.parse(record!.answer!)).toEqual(body);
    const calls = await here.workspace.runtime.journal.list({ run: body.runId, limit: 10 });
    expect(JSON.parse(record!.results)).toMatchObject([{ address: "a", outcome: "ok", callKeys: [calls[0]!.key] }]);
  });
});

describe("an output that fails", () => {
  test("fails the request with a status that says whose fault it is; what came out is there, inner cells are not named", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { how: string }\noutputs: [fine, answer]\n",
        fence("template fine", "fine"),
        fence("prompt secret_step", "---\nmodel: openai/gpt-5-mini\nschema: { enum: [a, b] }\n---\nfails {{ how }}"),
        fence("template answer", "{{ secret_step }}"),
      ),
    );
    const failing = { status: 500, text: "secret overload" };
    here.workspace.script = (prompt) =>
      prompt === "fails busy" ? { ...failing, status: 429 } : prompt === "fails down" ? failing : "neither";
    const answers = [];
    for (const how of ["busy", "down", "wrong"]) answers.push(await here.run(slug, { how }));
    here.workspace.script = null;
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [503, "model.busy"],
      [502, "model.failed"],
      [502, "model.answer"],
    ]);
    expect(answers[0]!.headers.get("retry-after")).toBe("5");
    for (const { body } of answers) {
      expect(body).toMatchObject({ outcome: "failed", outputs: { fine: "fine", answer: null }, version: 1 });
      expect(body.error.outputs).toEqual([{ output: "answer", code: body.error.code, message: expect.any(String) }]);
      expect(JSON.stringify(body)).not.toMatch(/secret|gpt|enum|neither/);
    }
    expect(answers[2]!.body).toMatchObject({
      usage: { calls: { made: 2 } },
      error: { message: "`answer` failed: the answer of a model was not of the form that is asked for" },
    });
  });

  test("of a cell itself is a 500, with the whole error on the record for the one who published it", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { n: number }\noutputs: [share]\n",
        fence("js hidden", "if (n === 0) throw new Error('secret zero'); return 1 / n"),
        fence("template share", "{{ hidden }}"),
      ),
    );
    const { status, body } = await here.run(slug, { n: 0 });
    expect([status, body.error.code]).toEqual([500, "output.failed"]);
    expect(JSON.stringify(body)).not.toMatch(/secret|hidden/);
    const record = await here.workspace.runtime.store.requests.get(body.runId);
    expect(record!.status).toBe("failed");
    expect(JSON.parse(record!.errors)).toMatchObject([
      { address: "hidden", error: { code: "js.error", message: expect.stringContaining("secret zero") } },
    ]);
    expect((await here.run(slug, { n: 4 })).body.outputs).toEqual({ share: "0.25" });
  });
});

describe("a dry run", () => {
  test("tells calls, tokens and money as ranges and what is cached, and sends nothing", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { n: string }\noutputs: [second]\n",
        fence("template asked", "dry {{ n }}"),
        fence("prompt first", "---\nmodel: openai/gpt-5-mini\n---\n{{ asked }}"),
        fence("prompt second", "---\nmodel: openai/gpt-5-mini\n---\n{{ first }}"),
      ),
    );
    here.workspace.sent();
    const dry = () => here.run(slug, undefined, { body: { inputs: { n: "1" }, dryRun: true } });
    const { status, body } = await dry();
    const range = { low: expect.any(Number), likely: expect.any(Number), high: expect.any(Number) };
    expect([status, body]).toEqual([
      200,
      {
        dryRun: true,
        version: 1,
        plan: { outputs: ["second"], cells: 3 },
        calls: { made: 1, cached: 0, open: 1 },
        tokens: { input: range, output: range },
        cost: range,
        seconds: expect.any(Number),
      },
    ]);
    expect(body.cost.high).toBeGreaterThan(body.cost.low);
    expect(here.workspace.sent()).toEqual([]);
    expect(await here.workspace.runtime.store.requests.list(slug, 10)).toEqual([]);
    await here.run(slug, { n: "1" });
    expect((await dry()).body).toMatchObject({ calls: { made: 0, cached: 2, open: 0 }, cost: { low: 0, high: 0 } });
    const wrong = await here.run(slug, undefined, { body: { inputs: {}, dryRun: true } });
    expect(wrong.status).toBe(400);
  });
});
