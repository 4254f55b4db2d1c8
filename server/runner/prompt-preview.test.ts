import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n  hidden: { type: string, default: x }\n";
const prompt = (name: string, source: string, configuration = "model: server/small"): string =>
  fence(`prompt ${name}`, `---\n${configuration}\n---\n${source}`);

/** What would be sent, a message a line with values in brackets, or why that is not known. */
async function previewed(
  session: Session,
  node: string,
  at: Coordinates = {},
  row?: number | string,
): Promise<unknown> {
  const preview = await session.preview(node, at, row);
  if (preview.type !== "call") return preview.type === "error" ? preview.error.message : preview;
  return preview.messages.map(({ role, content, values }) => {
    const marked = values.reduceRight(
      (text, { start, end }) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`,
      content,
    );
    return `${preview.completion ? "continued" : role}: ${marked}`;
  });
}

describe("what a prompt would send", () => {
  test("is its messages at the inputs and labels, with values marked, and nothing is sent for it", async () => {
    const source = "system:\nBe {{ vary.tone }}.\nuser:\nHello {{ name }}";
    const session = await workspace.open(
      notebookText(inputs, prompt("greeting", source, "model: server/small\nvary: { tone: [warm, cold] }")),
    );
    expect(await previewed(session, "greeting", { tone: "cold" })).toEqual(["system: Be [cold].", "user: Hello [Ada]"]);
    await session.setInput("name", "Grace");
    expect(await previewed(session, "greeting", { tone: "warm" })).toEqual([
      "system: Be [warm].",
      "user: Hello [Grace]",
    ]);
    expect(workspace.sent()).toEqual([]);
  });

  test("is exactly what is sent when it runs", async () => {
    const session = await workspace.open(notebookText(inputs, prompt("greeting", "  Dear {{ name }},\n\n")));
    const preview = await session.preview("greeting", {});
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual(preview.type === "call" ? preview.messages.map(({ content }) => content) : []);
  });

  test("is a text to be continued where the prompt is a completion", async () => {
    const session = await workspace.open(
      notebookText(inputs, prompt("topic", "user:\n{{ name }}", "model: server/small\ncompletion: true")),
    );
    expect(await previewed(session, "topic")).toEqual(["continued: user:\n[Ada]"]);
  });

  test("waits for what it reads, and says which of it is not current", async () => {
    const session = await workspace.open(
      notebookText(inputs, prompt("first", "{{ name }}"), prompt("second", "{{ first }}")),
    );
    expect(await previewed(session, "second")).toEqual({ type: "waits", because: ["first"] });
    await session.run({ type: "stale" }).done;
    expect(await previewed(session, "second")).toEqual(["user: [<Ada>]"]);
    await session.setInput("name", "Grace");
    expect(await session.preview("second", {})).toMatchObject({ type: "call", unsettled: ["first"] });
  });

  test("is that of one row in a sheet, by its number or identity", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("data people", "---\nkey: id\n---\nid,person\na,Ada\nb,Grace"),
        fence("sheet greetings", `---\nrows: people\n---\n${prompt("greeting", "Hello {{ row.person }}")}`),
      ),
    );
    await session.run({ type: "cells", cells: ["people"] }).done;
    expect(await previewed(session, "greetings.greeting", {}, 1)).toEqual(["user: Hello [Grace]"]);
    expect(await previewed(session, "greetings.greeting")).toEqual(["user: Hello [Ada]"]);
    expect(await previewed(session, "greetings.greeting", {}, 2)).toEqual({ type: "waits", because: ["row 2"] });
  });

  test("is nothing where it is skipped, and its error where it cannot be rendered", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        prompt("skipped", "a", 'model: server/small\nwhen: =name == "Grace"'),
        prompt("wrong", "{{ name.nothing }}"),
        fence("template letter", "{{ name }}"),
      ),
    );
    expect(await previewed(session, "skipped")).toEqual({ type: "skipped" });
    expect(await previewed(session, "wrong")).toMatch(/nothing/);
    await expect(session.preview("letter", {})).rejects.toThrow("`letter` sends nothing to a model");
  });
});
