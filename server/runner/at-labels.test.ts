import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openRuntime, type Runtime } from "./runtime.ts";
import { openSession } from "./session.ts";

let folder: TemporaryFolder;
let runtime: Runtime;
beforeAll(async () => {
  folder = await temporaryFolder();
  runtime = await openRuntime({ folder: folder.path, environment: {} });
});
afterAll(async () => {
  await runtime.close();
  await folder[Symbol.asyncDispose]();
});

test("a cell may read another at its own labels and at fixed ones, and each is the value there", async () => {
  const text = [
    "---\nsheaf: 1\nchoose: { model: echo/upper }\n---",
    "```prompt q\n---\nmodels: [echo/upper, echo/reverse]\n---\nabc\n```",
    '```template pair\n{{ q }} {{ q | length }} {{ q == "ABC" }} {{ q.at(model="echo/reverse") }}\n```',
    '```test fixed\nq.at(model="echo/upper") == "ABC"\nq.at(model="echo/reverse") != "ABC"\n```',
    '```test own\nq == "ABC"\nq != "ABC"\n"ABC" in [q]\nq.at(model="echo/reverse") == "cba"\n```',
  ].join("\n\n");
  const session = await openSession(runtime, { path: "at.md", text });
  await session.run({ type: "stale" }).done;
  const at = (cell: string, model: string) => session.state.results.get(`${cell}{model=${model}}`)?.value;
  expect(at("pair", "echo/upper")).toEqual({ type: "string", value: "ABC 3 true cba" });
  expect(at("pair", "echo/reverse")).toEqual({ type: "string", value: "cba 3 false cba" });
  expect(session.state.results.get("fixed")?.value).toMatchObject({ value: { verdict: "pass" } });
  const verdicts = (model: string): readonly string[] => {
    const value = at("own", model);
    return value?.type === "test" ? value.value.lines.map((line) => line.verdict) : [];
  };
  expect(verdicts("echo/upper")).toEqual(["pass", "fail", "pass", "pass"]);
  expect(verdicts("echo/reverse")).toEqual(["fail", "pass", "fail", "pass"]);
});
