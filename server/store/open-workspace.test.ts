import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openWorkspace, type WorkspaceFiles } from "./open-workspace.ts";

describe("a workspace", () => {
  test("is made where there is none, with nothing visible added but its own hidden folder", async () => {
    await using folder = await temporaryFolder();
    const root = join(folder.path, "new", "work");
    const workspace = await openWorkspace(root);
    expect(workspace).toEqual({
      id: "local",
      folder: root,
      notebooks: join(root, "notebooks"),
      datasets: join(root, "datasets"),
      models: join(root, "models"),
      state: join(root, ".sheaf", "state"),
      files: join(root, ".sheaf", "state", "files"),
      cache: join(root, ".sheaf", "cache"),
    });
    expect(await readdir(root)).toEqual([".sheaf"]);
    expect((await readdir(join(root, ".sheaf"))).sort()).toEqual([".gitignore", "cache", "state"]);
  });

  test("keeps its own folder out of git", async () => {
    await using folder = await temporaryFolder();
    await openWorkspace(folder.path);
    expect(await readFile(join(folder.path, ".sheaf", ".gitignore"), "utf8")).toBe("*\n");
  });

  test("is opened again as it was, and by several at once", async () => {
    await using folder = await temporaryFolder();
    const [first, second] = await Promise.all([openWorkspace(folder.path), openWorkspace(folder.path)]);
    await writeFile(join(first.state, "kept"), "yes");
    await writeFile(join(folder.path, ".sheaf", ".gitignore"), "cache/\n");
    expect(await openWorkspace(folder.path)).toEqual(second);
    expect(await readFile(join(first.state, "kept"), "utf8")).toBe("yes");
    expect(await readFile(join(folder.path, ".sheaf", ".gitignore"), "utf8")).toBe("cache/\n");
    expect((await readdir(first.state)).sort()).toEqual(["kept", "version"]);
  });

  test("may lose its cache at any time", async () => {
    await using folder = await temporaryFolder();
    const { cache } = await openWorkspace(folder.path);
    await rm(cache, { recursive: true });
    await openWorkspace(folder.path);
    expect(await readdir(cache)).toEqual([]);
  });

  test("that is a file, or whose folder is one, is an error that says what is in the way", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    await expect(openWorkspace(file)).rejects.toMatchObject({
      code: "store.unwritable",
      message: expect.stringContaining(file),
      cure: expect.stringContaining("in the way"),
    });
    await mkdir(join(folder.path, "work"));
    await writeFile(join(folder.path, "work", ".sheaf"), "");
    await expect(openWorkspace(join(folder.path, "work"))).rejects.toMatchObject({ code: "store.unwritable" });
  });

  test("of a newer version is left alone", async () => {
    await using folder = await temporaryFolder();
    const { state } = await openWorkspace(folder.path);
    await writeFile(join(state, "version"), "2\n");
    await expect(openWorkspace(folder.path)).rejects.toMatchObject({
      code: "store.newer",
      message: expect.stringContaining("layout 2"),
      cure: expect.stringContaining("newer"),
    });
    expect(await readFile(join(state, "version"), "utf8")).toBe("2\n");
  });

  test("whose version cannot be read says so", async () => {
    await using folder = await temporaryFolder();
    const { state } = await openWorkspace(folder.path);
    await writeFile(join(state, "version"), "one");
    await expect(openWorkspace(folder.path)).rejects.toMatchObject({ code: "store.corrupt" });
  });

  test.each([
    { code: "EACCES", is: "store.unwritable", cure: "the right to write" },
    { code: "EPERM", is: "store.unwritable", cure: "the right to write" },
    { code: "EROFS", is: "store.unwritable", cure: "choose another folder" },
    { code: "ENOSPC", is: "store.full", cure: "Make room" },
    { code: "EDQUOT", is: "store.full", cure: "Make room" },
  ])("whose disk answers $code is $is, whatever it was doing", async ({ code, is, cure }) => {
    const fine: WorkspaceFiles = {
      makeFolder: async () => {},
      checkWritable: async () => {},
      read: async () => null,
      write: async () => {},
    };
    const failing = async () => {
      throw Object.assign(new Error(`${code}: the disk says no`), { code });
    };
    for (const operation of ["makeFolder", "checkWritable", "read", "write"] as const)
      await expect(openWorkspace("somewhere", { ...fine, [operation]: failing })).rejects.toMatchObject({
        code: is,
        message: expect.stringContaining("the disk says no"),
        cure: expect.stringContaining(cure),
      });
  });

  test("leaves an error that is no matter of the disk as it is", async () => {
    await expect(openWorkspace("nul\u0000")).rejects.toMatchObject({ code: "ERR_INVALID_ARG_VALUE" });
  });
});
