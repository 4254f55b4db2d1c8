import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

test("what a person asks is embedded while 2,000 rows of a sheet are, before the hundreds that wait", async () => {
  const near = (name: string, output: string): string =>
    fence(`score ${name}`, `---\noutput: ${output}\n---\n- similarity: where is my card`);
  const session = await workspace.open(
    notebookText(
      "inputs:\n  message: { type: string, default: my card has not come }\n",
      fence("data tickets", ["id", ...Array.from({ length: 2_000 }, (_, row) => row)].join("\n")),
      near("asked", "=message"),
      fence("sheet triage", ["---\nrows: tickets\n---", near("alike", '="card " ~ row.id')].join("\n")),
    ),
  );
  // The model is loaded.
  await session.run({ type: "cells", cells: ["asked"] }).done;
  await session.setInput("message", "how many euros do I get");
  let done = 0;
  const begun = Promise.withResolvers<void>();
  const sheet = session.run(
    { type: "cells", cells: ["triage"] },
    {
      onEvent(event) {
        if (event.type !== "step-progress" || event.node !== "triage.alike") return;
        done = event.progress.done;
        begun.resolve();
      },
    },
  );
  await begun.promise;
  const before = done;
  await session.run({ type: "cells", cells: ["asked"] }).done;
  const meanwhile = done - before;
  sheet.cancel();
  await sheet.done;
  expect(session.freshness().get("asked")).toEqual({ state: "current" });
  // Two chunks of 256 rows wait in the models process at any time; some are computed while the run begins.
  expect(meanwhile).toBeLessThan(128);
});
