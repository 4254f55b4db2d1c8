import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace()));
afterAll(() => here[Symbol.asyncDispose]());

const batch = (mark: string, fields = ""): string =>
  notebookText(
    "inputs:\n  message: { type: string, default: Hi }\n  tickets: table\noutputs: [triage]\nchoose: { model: server/two }\n",
    fence("prompt hidden", `---\nmodels: [server/one, server/two]\n---\n${mark} {{ message }}`),
    fence("template topic", "{{ hidden }}!"),
    fence(
      "sheet triage",
      [
        `---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n${fields}---`,
        fence("js long", "if (message.length > 8) throw new Error('too long'); return message.length"),
        fence("score good", "---\noutput: =topic\nexpected: =row.wanted\n---\n- contains"),
      ].join("\n"),
    ),
  );

test("a table given as rows makes a batch: a row of answers for each, in their order, at the chosen labels", async () => {
  const { slug } = await here.publish(batch("rows", "key: id\n"));
  here.workspace.sent();
  const { status, body } = await here.run(slug, {
    tickets: [
      { id: 7, text: "one", wanted: "one" },
      { id: 3, text: "two", wanted: "x" },
    ],
  });
  expect(status).toBe(200);
  expect(body.outputs).toEqual({
    triage: {
      rows: [
        { id: 7, topic: "<rows one>!", long: 3, good: { score: 1, pass: true, reason: expect.any(String) } },
        { id: 3, topic: "<rows two>!", long: 3, good: { score: 0, pass: false, reason: expect.any(String) } },
      ],
      failed: 0,
    },
  });
  expect(here.workspace.sent()).toEqual(["rows one", "rows two"]);
  expect(body.usage.calls).toEqual({ made: 2, cached: 0 });
});

test("an error of a row is in that row, and the others are answered", async () => {
  const { slug } = await here.publish(batch("errors"));
  here.workspace.script = (prompt) => (prompt.endsWith("bad") ? { status: 400, text: "secret" } : `<${prompt}>`);
  const { status, body } = await here.run(slug, {
    tickets: [
      { text: "fine", wanted: null },
      { text: "bad", wanted: "x" },
      { text: "much too long", wanted: "x" },
    ],
  });
  here.workspace.script = null;
  expect(status).toBe(200);
  const { rows, failed } = body.outputs.triage;
  expect(failed).toBe(2);
  expect(rows[0]).toEqual({
    topic: "<errors fine>!",
    long: 4,
    good: { score: null, pass: null, reason: expect.any(String) },
  });
  expect(rows[1]).toEqual({
    topic: null,
    long: 3,
    good: null,
    error: { output: "topic", code: "model.failed", message: "a model did not answer" },
  });
  expect(rows[2]).toMatchObject({
    topic: "<errors much too long>!",
    long: null,
    error: { output: "long", code: "output.failed" },
  });
  expect(body.outcome).toBe("done");
  expect(JSON.stringify(body)).not.toMatch(/secret|hidden/);
  const record = await here.workspace.runtime.store.requests.get(body.runId);
  expect(JSON.parse(record!.errors).map(({ address }: { address: string }) => address.split("{")[0])).toEqual(
    expect.arrayContaining(["triage.hidden", "triage.long"]),
  );
});

test("batches of many callers go side by side, each with its own rows, and leave nothing behind", async () => {
  const { slug } = await here.publish(batch("many"));
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, caller) =>
      here.run(slug, {
        tickets: [
          { text: `c${caller}`, wanted: "" },
          { text: "all", wanted: "" },
        ],
      }),
    ),
  );
  for (const [caller, { body }] of answers.entries())
    expect(body.outputs.triage.rows.map(({ topic }: { topic: string }) => topic)).toEqual([
      `<many c${caller}>!`,
      "<many all>!",
    ]);
  const frames = await Promise.all(
    answers.map(({ body }) =>
      here.workspace.runtime.tables.sheets.keys({ sheet: `${slug}@v1/${body.runId}#triage`, node: "topic" }),
    ),
  );
  expect(frames).toEqual(answers.map(() => []));
});

test("no rows are no answers, and rows without a column that is read are errors in their rows", async () => {
  const { slug } = await here.publish(batch("none"));
  const keyed = await here.publish(batch("none", "key: id\n"));
  for (const target of [slug, keyed.slug])
    expect((await here.run(target, { tickets: [] })).body.outputs).toEqual({ triage: { rows: [], failed: 0 } });
  const { status, body } = await here.run(slug, { tickets: [{ wanted: "x" }] });
  expect([status, body.outputs.triage.failed]).toEqual([200, 1]);
  expect(body.outputs.triage.rows[0].error.code).toBe("output.failed");
});

test("rows that cannot be told apart by their key fail the sheet as a whole", async () => {
  const { slug } = await here.publish(batch("double", "key: id\n"));
  const { status, body } = await here.run(slug, {
    tickets: [
      { id: 1, text: "a", wanted: "a" },
      { id: 1, text: "b", wanted: "b" },
    ],
  });
  expect([status, body.error.outputs]).toEqual([
    500,
    [{ output: "triage", code: "output.failed", message: expect.any(String) }],
  ]);
});

test("a list given as JSON makes a batch too, a row for each element; what is no list is refused", async () => {
  const { slug } = await here.publish(
    notebookText(
      "inputs:\n  message: { type: string, default: Hi }\n  people: json\noutputs: [letters]\n",
      fence("prompt greeting", "---\nmodel: server/one\n---\nlist {{ message }}"),
      fence(
        "sheet letters",
        [
          "---\nrows: people\nwith: { message: =item.name }\ncolumns: [greeting]\nkey: item.id\n---",
          fence("js size", "return item.name.length + index"),
        ].join("\n"),
      ),
    ),
  );
  here.workspace.sent();
  const { status, body } = await here.run(slug, {
    people: [
      { id: 7, name: "Ada" },
      { id: 3, name: "Bo" },
    ],
  });
  expect(status).toBe(200);
  expect(body.outputs).toEqual({
    letters: {
      rows: [
        { id: 7, greeting: "<list Ada>", size: 3 },
        { id: 3, greeting: "<list Bo>", size: 3 },
      ],
      failed: 0,
    },
  });
  expect(here.workspace.sent()).toEqual(["list Ada", "list Bo"]);
  expect((await here.run(slug, { people: [] })).body.outputs).toEqual({ letters: { rows: [], failed: 0 } });
  const described = await here.ask("GET", `/api/${slug}/openapi.json`);
  expect(JSON.stringify(described.body)).toContain('"people":{"type":"array","items":{}}');
  const refused = await here.run(slug, { people: { name: "Ada" } });
  expect([refused.status, refused.body.error.problems]).toEqual([
    400,
    [{ input: "people", message: "the input `people` is no list. Give a list: each element is a row." }],
  ]);
  expect(here.workspace.sent()).toEqual([]);
});

test("a list that is written out, or computed from what a caller gives, is gone over for each of them", async () => {
  const over = (name: string, rows: string): string =>
    fence(`sheet ${name}`, `---\nrows: ${rows}\n---\n${fence(`template ${name}_line`, "{{ item }} {{ message }}")}`);
  const { slug } = await here.publish(
    notebookText(
      "inputs:\n  message: { type: string }\n  people: { type: json, default: [Cy] }\noutputs: [tones, letters]\n",
      over("tones", "[warm, cold]"),
      over("letters", "=people | map('upper') | list"),
    ),
  );
  const lines = async (inputs: object): Promise<unknown> => {
    const { tones, letters } = (await here.run(slug, inputs)).body.outputs;
    return [tones, letters].map(({ rows }) => rows.map((row: object) => Object.values(row)[0]));
  };
  expect(
    await Promise.all([
      lines({ message: "a", people: ["Ada"] }),
      lines({ message: "b" }),
      lines({ message: "a", people: [] }),
    ]),
  ).toEqual([
    [["warm a", "cold a"], ["ADA a"]],
    [["warm b", "cold b"], ["CY b"]],
    [["warm a", "cold a"], []],
  ]);
});
