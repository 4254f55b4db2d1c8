import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const inputs = "inputs:\n  name: { type: string, default: Ada }\n";
const greeting = (source: string, configuration = ""): string =>
  fence("prompt greeting", `---\nmodel: server/small\n${configuration}---\n${source}`);
const chain = (source = "Greet {{ name }}", configuration = ""): string =>
  notebookText(inputs, greeting(source, configuration), fence("template letter", "{{ greeting }}!"));

describe("freshness is derived, never stored", () => {
  test("a cell is never, then current, then stale with its reasons, and undoing the edit makes it current again at no call", async () => {
    const session = await workspace.open(chain());
    workspace.sent();
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["never", "never"]);
    await session.run({ type: "stale" }).done;
    expect(shown(session, "letter")).toBe("<Greet Ada>!");
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "current"]);
    expect(workspace.sent()).toEqual(["Greet Ada"]);

    await session.setText(chain("Welcome {{ name }}"));
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["stale: source", "stale: greeting"]);
    await session.setText(chain());
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "current"]);
    await session.setInput("name", "Grace");
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["stale: name", "stale: greeting"]);
    await session.setInput("name", "Ada");
    expect(fresh(session, "letter")).toBe("current");
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
  });
});
