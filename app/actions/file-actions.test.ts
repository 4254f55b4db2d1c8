import { expect, test } from "vitest";
import type { KeptBaseline } from "../notebook/notebook-actions";
import type { ActionContext } from "./action-context";
import { fileActions } from "./file-actions";

const kept: KeptBaseline = {
  name: "a.baseline.jsonl",
  results: 2_211,
  left: { stale: 0, never: 0, unfinished: 0, sheets: [] },
};

/** What is said when the results are kept as the baseline; null where they are not. */
async function keeping(yes: boolean, answer: KeptBaseline | null): Promise<string | null> {
  let said: string | null = null;
  const context = {
    page: { ask: async () => yes, say: (text: string) => void (said = text) },
    server: { keepBaseline: async () => answer },
  } as unknown as ActionContext;
  await fileActions.find(({ id }) => id === "notebook.keep-baseline")!.run(context);
  return said;
}

test("keeping the results as the baseline says what it has and what it has not, once one agreed", async () => {
  expect(await keeping(false, kept)).toBeNull();
  expect(await keeping(true, null)).toBeNull();
  expect(await keeping(true, kept)).toBe("Kept 2,211 results in a.baseline.jsonl.");
  expect(await keeping(true, { ...kept, left: { stale: 2, never: 1, unfinished: 1, sheets: ["triage"] } })).toBe(
    "Kept 2,211 results in a.baseline.jsonl. Not current, and left out: 4 results, all of triage.",
  );
});
