import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kindKeys } from "#server/notebook/configuration-problems.ts";
import { axisKeys, commonKeys } from "#server/notebook/notebook.ts";
import { openRuntime, type Runtime } from "#server/runner/runtime.ts";
import { openSession } from "#server/runner/session.ts";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { cellKinds } from "./index.ts";

const page = readFileSync(new URL("../../docs/cells.md", import.meta.url), "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split("\n")[0]!, section]),
);

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

describe("the page of cell kinds", () => {
  test.each([...cellKinds.keys()])("has a section for %s with all of its keys", (name) => {
    const section = sections.get(name);
    expect(section).toBeDefined();
    for (const key of kindKeys(cellKinds.get(name)!) ?? []) expect(section).toContain(`\`${key}\``);
  });

  test("says what every cell can have", () => {
    for (const key of [...commonKeys, ...axisKeys.filter((key) => key !== "models")])
      expect(sections.get("On every cell")).toContain(`\`${key}\``);
  });

  test("has examples that run", async () => {
    const cells = [...page.matchAll(/^`````markdown\n([\s\S]*?)^`````$/gm)].map((match) => match[1]!);
    expect(cells).toHaveLength(6);
    const text = `---\nsheaf: 1\ninputs: { name: { type: string, default: Ada } }\n---\n\n${cells.join("\n")}`;
    const session = await openSession(runtime, { path: "docs.md", text });
    expect(session.diagnostics).toEqual([]);
    await session.run({ type: "stale" }).done;
    expect(session.shown("answer")?.value).toEqual({ type: "string", value: "HELLO ADA" });
    expect(session.shown("good")?.value).toMatchObject({ type: "score", value: { score: 1, pass: true } });
    const wrong = "bye has 3 letters, not 4.\n0.5 of them are right.";
    expect(session.shown("wrong")?.value).toEqual({ type: "string", value: wrong });
    const greetings = session.shown("greetings")?.value;
    expect(greetings?.type === "table" && greetings.value.rows).toEqual([
      [{ name: "Ada" }, 0, "1. Hello Ada"],
      [{ name: "Bo" }, 1, "2. Hello Bo"],
    ]);
    expect(session.shown("best")?.value).toEqual({ type: "string", value: "phone" });
    expect(session.shown("gate")?.value).toMatchObject({ type: "test", value: { verdict: "pass" } });
  });
});
