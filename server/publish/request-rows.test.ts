import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, publishWorkspace, type PublishWorkspace } from "./__fixtures__/publish-workspace.ts";
import { requestRows } from "./request-rows.ts";

let here: PublishWorkspace;
beforeAll(async () => void (here = await publishWorkspace()));
afterAll(() => here[Symbol.asyncDispose]());

test("requests are rows with their inputs and outputs as columns, the oldest first, those that failed with the reason", async () => {
  const { slug } = await here.publish(
    notebookText("inputs: { n: number }\noutputs: [half]\n", fence("js half", "if (n === 0) throw 1; return n / 2")),
  );
  await here.run(slug, { n: 4 });
  await here.run(slug, { n: 0 });
  const rows = requestRows(await here.workspace.runtime.store.requests.list(slug, 10));
  const facts = { request: expect.any(String), asked_at: expect.stringMatching(/^\d{4}-.*Z$/), version: 1, cost: 0 };
  expect(rows).toEqual([
    { ...facts, status: "done", error: null, n: 4, half: 2 },
    { ...facts, status: "failed", error: expect.stringContaining("half"), n: 0, half: null },
  ]);
});
