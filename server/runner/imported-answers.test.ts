import { expect, test } from "vitest";
import { answerLines, importAnswers } from "#server/store/answer-file.ts";
import { fence, notebookText, testWorkspace } from "./__fixtures__/test-workspace.ts";

const text = notebookText("", fence("prompt greeting", "---\nmodel: echo/text\n---\nHello"));

test("an answer from another workspace says so, and is no call of this one", async () => {
  await using there = await testWorkspace();
  await (await there.open(text)).run({ type: "stale" }).done;
  const lines = await Array.fromAsync(answerLines(there.runtime.journal));
  await using here = await testWorkspace();
  const read = async function* () {
    yield* lines;
  };
  await importAnswers(read, here.runtime.journal, Date.now);
  const session = await here.open(text);
  const { money } = await session.run({ type: "stale" }).done;
  expect(money).toMatchObject({ made: 0, cached: 1 });
  const { calls } = (await session.result("greeting"))!;
  expect(calls).toMatchObject([{ cached: true, journal: { imported: true, text: "Hello", request: null } }]);
  expect(await here.runtime.journal.ledger({ after: 0, limit: 10 })).toEqual([]);
});
