import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import {
  fence,
  notebookText,
  publishWorkspace,
  type PublishWorkspace,
  type ServedApi,
} from "./__fixtures__/publish-workspace.ts";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

let here: PublishWorkspace;
let served: ServedApi;
beforeAll(async () => {
  here = await publishWorkspace();
  served = await here.serve();
  await here.publish(triage, { slug: "triage" });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
});

const triage = notebookText(
  [
    "title: Card triage",
    "inputs:",
    "  message: { type: string, description: What the customer wrote }",
    "  tone: [formal, plain]",
    "  count: { type: number, default: 2 }",
    "  strict: { type: boolean, default: true }",
    "  extra: { type: json, default: null }",
    "  history: { type: messages, default: [] }",
    "  tickets: { type: table, default: [] }",
    "outputs: [topic, parsed, ones, good, gate, picture, free, voted, triage]",
    "choose: { model: echo/upper }",
    "",
  ].join("\n"),
  fence("prompt topic", "---\nmodels: [echo/lower, echo/upper]\nschema: [CARD, RATE]\n---\n{{ message }}"),
  fence(
    "prompt parsed",
    '---\nmodel: echo/text\nschema: { vendor: string, total: number, currency: [EUR, USD] }\n---\n{"vendor": "a", "total": {{ count }}, "currency": "EUR"}',
  ),
  fence("sql ones", "select 1 as a"),
  fence("score good", "---\noutput: =topic\n---\n- equals: CARD"),
  fence("test gate", "good.pass"),
  fence("chart picture", "data: ones\ntype: bar\nx: a\ny: a"),
  fence("js free", "return { tone, strict, extra, history }"),
  fence("prompt voted", "---\nmodel: echo/text\nrepeat: 2\nreduce: mean\nschema: number\n---\n{{ count }}"),
  fence(
    "sheet triage",
    [
      "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\nkey: id\n---",
      fence("template long", "{{ message | length }}"),
    ].join("\n"),
  ),
);

async function documentOf(target: string) {
  const { status, body } = await here.ask("GET", `/api/${target}/openapi.json`);
  expect(status).toBe(200);
  return body;
}

async function problemsOf(document: object): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(document as never);
  return valid ? "valid" : errors;
}

describe("the OpenAPI document", () => {
  test("is valid, of any notebook", async () => {
    expect(await problemsOf(await documentOf("triage"))).toBe("valid");
    const { slug } = await here.publish(notebookText("outputs: [a]\n", fence("template a", "1")));
    expect(await problemsOf(await documentOf(slug))).toBe("valid");
  });

  test("has the inputs with their types, labels, descriptions and defaults", async () => {
    const { Inputs, RunRequest } = (await documentOf("triage")).components.schemas;
    expect(Inputs).toEqual({
      type: "object",
      properties: {
        message: { type: "string", description: "What the customer wrote" },
        tone: { type: "string", enum: ["formal", "plain"] },
        count: { type: "number", default: 2 },
        strict: { type: "boolean", default: true },
        extra: { default: null },
        history: expect.objectContaining({ type: "array", default: [] }),
        tickets: { type: "array", items: { type: "object", additionalProperties: true }, default: [] },
      },
      required: ["message", "tone"],
      additionalProperties: false,
    });
    expect(RunRequest.required).toEqual(["inputs"]);
  });

  test("has the outputs with the types of their cells, and shows no dataset's path, prompt or cell that is no output", async () => {
    await here.dataset("secret.csv", "a\n1\n");
    const { slug } = await here.publish(
      notebookText(
        "inputs: { given: { type: table, default: secret.csv } }\noutputs: [said, maybe]\n",
        fence("template hidden_step", "hidden words"),
        fence("prompt said", "---\nmodel: echo/text\nschema: =given[0].a\n---\n{{ hidden_step }}"),
        fence("template maybe", "---\nwhen: =true\n---\nx"),
      ),
    );
    const document = await documentOf(slug);
    expect(document.components.schemas.Outputs).toEqual({
      type: "object",
      // Of a schema that is computed nothing is known; a cell may be skipped.
      properties: { said: {}, maybe: { anyOf: [{ type: "string" }, { type: "null" }] } },
      required: ["said", "maybe"],
    });
    expect(JSON.stringify(document)).not.toMatch(/secret|hidden|echo/);
    const { Outputs } = (await documentOf("triage")).components.schemas;
    expect(Outputs.properties).toMatchObject({
      topic: { enum: ["CARD", "RATE"] },
      parsed: { properties: { currency: { enum: ["EUR", "USD"] } }, required: ["vendor", "total", "currency"] },
      ones: { properties: { rows: { type: "array" }, rowCount: { type: "integer" } } },
      free: {},
      voted: { type: ["number", "null"] },
    });
  });

  test("leaves the type open where an input decides it", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { how: { default: mean }, shown: { type: json, default: [up] }, word: { default: a } }\noutputs: [voted, all_rows]\n",
        fence("template voted", "---\nrepeat: 2\nreduce: =how\n---\n1"),
        fence("data words", "word\na"),
        fence("template up", "{{ word | upper }}"),
        fence("sheet all_rows", "---\nrows: words\nwith: { word: =row.word }\ncolumns: =shown\n---"),
      ),
    );
    const { properties } = (await documentOf(slug)).components.schemas.Outputs;
    expect(properties.voted).toEqual({});
    expect(properties.all_rows.properties.rows.items.required).toEqual([]);
    expect((await here.run(slug, { how: "majority" })).body.outputs.voted).toBe("1");
  });

  test("says what every answer is like", async () => {
    const document = await documentOf("triage");
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: "api", ...document });
    const given = { message: "card", tone: "plain", tickets: [{ id: 1, text: "rate" }] };
    const busy = () => (here.workspace.script = () => ({ text: "busy", status: 503 }));
    const asked = notebookText(
      "inputs: { n: string }\noutputs: [a]\n",
      fence("prompt a", "---\nmodel: server/small\n---\n{{ n }}"),
    );
    const { slug } = await here.publish(asked);
    busy();
    const answers = [
      await here.run("triage", given),
      await here.run("triage", given, { body: { inputs: given, async: true } }),
      await here.run("triage", { message: 5 }),
      await here.run("triage@v9", given),
      await here.ask("GET", "/api/run/triage"),
      await here.run(slug, { n: "1" }),
    ];
    here.workspace.script = null;
    expect(answers.map(({ status }) => status)).toEqual([200, 202, 400, 404, 405, 503]);
    for (const { status, body } of answers) {
      const place = `/paths/~1api~1run~1triage/post/responses/${status}/content/application~1json/schema`;
      const valid = ajv.validate({ $ref: `api#${place}` }, body);
      expect([status, valid, ajv.errors]).toEqual([status, true, null]);
    }
  });

  test("says of an input that is a file what is given for it, with an example that is taken", async () => {
    const { slug } = await here.publish(
      notebookText(
        "inputs: { picture: image, paper: file }\noutputs: [a]\n",
        fence("template a", "{{ picture.name }} {{ paper.name }}"),
      ),
    );
    const { properties } = (await documentOf(slug)).components.schemas.Inputs;
    expect(properties.picture).toMatchObject({ type: "object", required: ["hash", "name", "mediaType", "bytes"] });
    const { body } = await here.run(slug, {
      picture: properties.picture.examples[0],
      paper: properties.paper.examples[0],
    });
    expect(body.outputs).toEqual({ a: "example.png example.pdf" });
  });

  test("is of the version that is asked for", async () => {
    const text = (type: string): string =>
      notebookText(`inputs: { n: ${type} }\noutputs: [a]\n`, fence("template a", "{{ n }}"));
    const first = await here.publish(text("string"), { slug: "versions" });
    await here.publish(text("number"), { slug: "versions" });
    const [old, live] = [await documentOf(`${first.slug}@v1`), await documentOf(first.slug)];
    expect([old.info.version, live.info.version]).toEqual(["1", "2"]);
    expect([Object.keys(old.paths)[0], Object.keys(live.paths)[0]]).toEqual([
      "/api/run/versions@v1",
      "/api/run/versions",
    ]);
    expect(old.components.schemas.Inputs.properties.n).toEqual({ type: "string" });
    expect(live.components.schemas.Inputs.properties.n).toEqual({ type: "number" });
    expect((await here.ask("GET", "/api/nothing/openapi.json")).status).toBe(404);
  });
});

const example = `
import { defaults, getRun, run } from "./client.ts";

defaults.baseUrl = process.argv[2]!;
const given = await run({
  inputs: { message: "card", tone: "plain", tickets: [{ id: 1, text: "rate" }, { id: 2, text: "?" }] },
}, { idempotencyKey: "typed" });
if (given.status !== 200) throw new Error(JSON.stringify(given));
const { outputs, usage } = given.data;
const topic: "CARD" | "RATE" = outputs.topic;
const currency: "EUR" | "USD" = outputs.parsed.currency;
const missing = outputs.triage.rows.map((row) => row.error?.message ?? row.topic);
const later = await run({ inputs: { message: "x", tone: "formal" }, async: true });
if (later.status !== 202) throw new Error(JSON.stringify(later));
const state = await getRun(later.data.runId);
if (state.status !== 200) throw new Error(JSON.stringify(state));
const wrong = await run({ inputs: { message: 5 as never, tone: "plain" } });
const problems = wrong.status === 400 ? wrong.data.error.problems : undefined;
console.log(JSON.stringify({ topic, currency, missing, made: usage.calls.made, known: state.data.runId === later.data.runId, problems }));
`;

const wrongUse = `
import { run } from "./client.ts";
await run({ inputs: { message: "card", tone: "loud" } });
await run({ inputs: { tone: "plain" } });
await run({ inputs: { message: "card", tone: "plain", other: 1 } });
`;

describe("a client that an ordinary generator makes", () => {
  test("in TypeScript has the outputs' types, and runs", { timeout: 60_000 }, async () => {
    await using folder = await temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    await symlink(join(root, "node_modules"), at("node_modules"));
    const run = (script: string, ...words: string[]) =>
      execute(process.execPath, [script, ...words], { cwd: folder.path });
    await run(
      join(root, "node_modules/oazapfts/dist/cli.js"),
      `${served.url}/api/triage/openapi.json`,
      at("client.ts"),
    );
    await writeFile(at("package.json"), '{ "type": "module" }');
    await writeFile(at("example.ts"), example);
    await writeFile(at("wrong.ts"), wrongUse);
    /** What the compiler says of a file. */
    const check = async (name: string): Promise<string> =>
      run(
        join(root, "node_modules/typescript/bin/tsc"),
        ...["--noEmit", "--strict", "--allowImportingTsExtensions", "--skipLibCheck"],
        ...["--target", "es2024", "--module", "preserve", "--types", "node", name],
      ).then(
        ({ stdout }) => stdout,
        ({ stdout }: { stdout: string }) => stdout,
      );
    expect(await check("example.ts")).toBe("");
    expect((await check("wrong.ts")).match(/wrong\.ts\(\d+/g)).toEqual(["wrong.ts(3", "wrong.ts(4", "wrong.ts(5"]);
    const { stdout } = await run("example.ts", served.url);
    expect(JSON.parse(stdout)).toEqual({
      topic: "CARD",
      currency: "EUR",
      missing: ["RATE", "the answer of a model was not of the form that is asked for"],
      made: expect.any(Number),
      known: true,
      problems: [{ input: "message", message: expect.any(String) }],
    });
  });

  const generator = process.env["PATH"]
    ?.split(delimiter)
    .map((path) => join(path, "openapi-python-client"))
    .find((path) => existsSync(path));

  test.skipIf(generator === undefined)(
    "in Python runs (skipped without openapi-python-client: pip install openapi-python-client)",
    { timeout: 60_000 },
    async () => {
      await using folder = await temporaryFolder();
      const url = `${served.url}/api/triage/openapi.json`;
      await execute(generator!, ["generate", "--url", url, "--output-path", "client", "--meta", "none"], {
        cwd: folder.path,
      });
      await writeFile(
        join(folder.path, "example.py"),
        [
          "import sys",
          "from client import Client",
          "from client.api.default import run",
          "from client.models import Inputs, InputsTone, RunRequest",
          "client = Client(base_url=sys.argv[1])",
          'body = RunRequest(inputs=Inputs(message="card", tone=InputsTone.PLAIN))',
          "answer = run.sync(client=client, body=body)",
          "print(answer.outputs.topic, answer.outputs.parsed.total, answer.outcome)",
        ].join("\n"),
      );
      // The tool's own Python has what its clients need.
      const python = (await readFile(generator!, "utf8")).split("\n")[0]!.replace(/^#!\s*/, "");
      const { stdout } = await execute(python, ["example.py", served.url], { cwd: folder.path });
      expect(stdout.trim()).toBe("CARD 2 done");
    },
  );
});
