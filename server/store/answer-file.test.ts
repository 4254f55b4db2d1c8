import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { answerLines, importAnswers } from "./answer-file.ts";
import { endOf, intentOf } from "./journal.conformance.ts";
import type { Journal } from "./journal.ts";
import { openJournal } from "./open-journal.ts";

let folder: TemporaryFolder;
let here: Journal;
let there: Journal;
let workspaces = 0;
beforeAll(async () => void (folder = await temporaryFolder()));
beforeEach(async () => {
  const open = (): Promise<Journal> => openJournal({ folder: folder.path, workspace: `w${(workspaces += 1)}` });
  [here, there] = await Promise.all([open(), open()]);
  return async () => void (await Promise.all([here.close(), there.close()]));
});
afterAll(() => folder[Symbol.asyncDispose]());

async function record(key: string, end: Parameters<typeof endOf>[0] = {}): Promise<void> {
  await here.finish(await here.begin(intentOf({ key })), endOf(end));
}
const lines = (): Promise<string[]> => Array.fromAsync(answerLines(here));
const imported = (file: readonly string[]) =>
  importAnswers(
    async function* () {
      yield* file;
    },
    there,
    () => 5_000,
  );

test("answers come through a file as they are, but for what was sent and the provider's own", async () => {
  const whole = {
    firstTextAt: 1_500,
    reasoning: "hm",
    answeredBy: "echo/other",
    usage: { input: 12, output: 3, cachedInput: 4, reasoning: 2 },
    price: { source: "test", tokens: 9007199254740993n },
    text: "one\nline \u2028 and \u{1f600}",
  };
  await record("one", { ...whole, requestId: "secret-id", response: { raw: "from the provider" } });
  await record("free", { cost: null });
  await record("failed", { state: "failed" });
  const file = await lines();
  expect(file.join("\n")).not.toMatch(/secret-id|from the provider|My card/);
  expect(await imported(file)).toEqual({ imported: 2, known: 0 });
  const found = await there.find(["one", "free", "failed"]);
  expect([...found.keys()].sort()).toEqual(["free", "one"]);
  const { id: _, ...one } = found.get("one")!;
  expect(one).toEqual({ ...endOf(whole), key: "one", model: "echo/echo", sentAt: 1_000 });
  expect((await there.read(found.get("one")!.id))!).toMatchObject({ address: "topic{model=small}", request: null });
});

test("what is there already is left as it is, however often a file has it", async () => {
  await record("one", { text: "theirs" });
  await record("two");
  const file = await lines();
  await there.finish(await there.begin(intentOf({ key: "one" })), endOf({ text: "own" }));
  expect(await imported([...file, file.at(-1)!, ""])).toEqual({ imported: 1, known: 2 });
  expect((await there.find(["one"])).get("one")!.text).toBe("own");
  expect(await imported(file)).toEqual({ imported: 0, known: 2 });
});

test("thousands come through", async () => {
  await Promise.all(Array.from({ length: 1_234 }, (_, index) => record(`key-${index}`)));
  expect(await imported(await lines())).toEqual({ imported: 1_234, known: 0 });
});

test.each<[string, (file: readonly string[]) => readonly string[], RegExp]>([
  ["nothing", () => [], /no file of answers/],
  ["another file", () => ["id,text", "1,hello"], /no file of answers/],
  ["a file of a newer version", ([head, ...rest]) => [head!.replace("1", "2"), ...rest], /newer version/],
  ["a line that was cut", (file) => [...file, file[1]!.slice(0, -5)], /line 4 is no answer/],
  ["an answer without its text", (file) => [...file, file[1]!.replace('"text"', '"words"')], /line 4 .*`text`/],
  ["a cost that is none", (file) => [...file, file[1]!.replace('"cost":0.25', '"cost":-1')], /line 4 .*`cost`/],
])("of %s nothing is imported, and the error says where it is", async (_, broken, words) => {
  await record("one");
  await record("two");
  await expect(imported(broken(await lines()))).rejects.toMatchObject({
    code: "answers.file",
    message: expect.stringMatching(words),
    cure: expect.any(String),
  });
  expect(await there.answers({ after: 0, limit: 10 })).toEqual([]);
});

test("an answer is kept as long as the workspace keeps what came to it then, however old it is", async () => {
  await record("old");
  await there.finish(await there.begin(intentOf({ key: "young", sentAt: 4_000 })), endOf());
  await imported(await lines());
  const kept = async () => [...(await there.find(["old", "young"])).keys()];
  expect([await there.bodies.removeBefore(4_500, 9), await kept()]).toEqual([1, ["old"]]);
  expect([await there.bodies.removeBefore(5_001, 9), await kept()]).toEqual([1, []]);
});
