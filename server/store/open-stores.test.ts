import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { intentOf } from "./journal.conformance.ts";
import { openStores } from "./open-stores.ts";
import { resultAt } from "./results.conformance.ts";
import { storeThread } from "./store-thread.ts";

async function workspaceIn(folder: string) {
  const workspace = { id: "local", state: join(folder, "state"), cache: join(folder, "cache") };
  await mkdir(workspace.state);
  await mkdir(workspace.cache);
  return workspace;
}

test("all stores of a workspace share a thread, and what was called before they are closed is written", async () => {
  await using folder = await temporaryFolder();
  const workspace = await workspaceIn(folder.path);
  const { store, results, journal, close } = await openStores(workspace);
  const written = Promise.all([
    journal.begin(intentOf()),
    results.put("a.md", [resultAt("one")]),
    store.consents.give("a licence", "its text", 1),
  ]);
  await close();
  await written;
  await expect(results.all("a.md")).rejects.toMatchObject({ code: "results.closed" });
  const again = await openStores(workspace);
  expect(await again.journal.list({ limit: 10 })).toHaveLength(1);
  expect(await again.results.all("a.md")).toEqual([resultAt("one")]);
  expect(await again.store.consents.has("a licence")).toBe(true);
  await again.close();
});

test("where one cannot be opened its error is told, and the others are let go", async () => {
  await using folder = await temporaryFolder();
  const workspace = await workspaceIn(folder.path);
  await writeFile(join(workspace.state, "journal.sqlite"), "rubbish ".repeat(1_000));
  await expect(openStores(workspace)).rejects.toMatchObject({ code: "store.corrupt" });
  await writeFile(join(workspace.state, "journal.sqlite"), "");
  await (await openStores(workspace)).close();
});

test("workspaces of a process share the thread too: what befalls one, or its end, is nothing to the others", async () => {
  await using one = await temporaryFolder();
  await using other = await temporaryFolder();
  const [kept, broken] = [await workspaceIn(one.path), await workspaceIn(other.path)];
  await writeFile(join(broken.state, "journal.sqlite"), "rubbish ".repeat(1_000));
  const thread = storeThread();
  const stores = await openStores(kept);
  await expect(openStores(broken)).rejects.toMatchObject({ code: "store.corrupt" });
  await writeFile(join(broken.state, "journal.sqlite"), "");
  await (await openStores(broken)).close();
  await stores.results.put("a.md", [resultAt("one")]);
  expect(await stores.results.all("a.md")).toEqual([resultAt("one")]);
  await stores.close();
  expect(storeThread()).toBe(thread);
});
