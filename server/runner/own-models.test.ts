import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutModelFiles, isFetched } from "../models/__fixtures__/local-models.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

const [smollm, gemma] = await Promise.all(["local/smollm2-135m-instruct", "local/gemma-3-270m"].map(isFetched));

describe.skipIf(!smollm || !gemma)("language models whose files somebody puts into the workspace", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => void (workspace = await testWorkspace()));
  afterAll(() => workspace[Symbol.asyncDispose]());

  const asked = (settings: string, text: string): string =>
    notebookText("", fence("prompt answer", `---\n${settings}\nmax_tokens: 4\n---\n${text}`));

  test("answer by the names of their files, as what they say they are, also after a restart", async () => {
    const models = join(workspace.folder, "models");
    await mkdir(models);
    for (const [name, file] of [
      ["local/smollm2-135m-instruct", "Pet Model.gguf"],
      ["local/gemma-3-270m", "base.gguf"],
    ] as const)
      await symlink((await checkoutModelFiles().path(name))!, join(models, file));
    await writeFile(join(models, "broken.gguf"), "no model");
    const listed = (await workspace.runtime.modelFiles.list()).map(({ model: { name, contextLength }, state }) => [
      name,
      state,
      contextLength,
    ]);
    expect(listed).toEqual(
      expect.arrayContaining([
        ["local/pet-model", "present", 8_192],
        ["local/base", "present", 32_768],
      ]),
    );
    expect(workspace.runtime.models.known("local/base")).toMatchObject({
      capabilities: { chat: false, completion: true, contextLength: 32_768 },
      saidBy: { chat: "file" },
    });
    const session = await workspace.open(asked("model: local/pet-model", "Say hello."));
    await session.run({ type: "stale" }).done;
    expect(shown(session, "answer")).toMatch(/\w/);
    await workspace.restart();
    const after = await workspace.open(asked("model: local/base\ncompletion: true", "One, two, three,"));
    await after.run({ type: "stale" }).done;
    expect(shown(after, "answer")).toMatch(/four/);
    const refused = await workspace.open(asked("model: local/broken", "Hello"));
    await refused.run({ type: "stale" }).done;
    expect(refused.shown("answer")!.error).toMatchObject({
      code: "model.unreadable",
      message: expect.stringMatching(/^models\/broken\.gguf is no model that can be used: .*GGUF/),
    });
  }, 60_000);
});
