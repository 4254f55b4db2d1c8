import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InputType } from "#server/notebook/notebook.ts";
import { testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";
import { readInputFile } from "./read-input-file.ts";

/** A GIF of one pixel. */
const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const people = [
  { id: 2, name: "Grace" },
  { id: 1, name: "Ada" },
];

const files: { readonly [name: string]: string | Buffer } = {
  "letter.txt": "\uFEFFDear Ada,\r\n\n@you\n",
  "facts.json": '{"colours": ["red", "blue"], "big": 12345678901234567890}',
  "facts.yaml": "colours: [red, blue]\nbig: 12345678901234567890\n",
  "people.csv": "id,name\n2,Grace\n1,Ada\n",
  "people.jsonl": people.map((row) => JSON.stringify(row)).join("\n"),
  "people.json": JSON.stringify(people),
  "ragged.csv": "id,name\n1\n",
  "talk.json": '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"}]',
  "contract.pdf": "%PDF-1.7 of a kind",
  "unknown.bin": Buffer.from([1, 0, 2]),
  "scan.png": gif,
  "broken.json": '{"a": 1,\n"b" 2}',
  "broken.yaml": "a: 1\nb: 'x\n",
  "latin.txt": Buffer.from("Zoë", "latin1"),
  "zero.txt": "a\0b",
  "long.txt": "x",
  "long.pdf": "x",
};

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await testWorkspace();
  for (const [name, content] of Object.entries(files)) await writeFile(join(workspace.folder, name), content);
  await mkdir(join(workspace.folder, "folder"));
  await truncate(join(workspace.folder, "long.txt"), 17_000_000);
  await truncate(join(workspace.folder, "long.pdf"), 101_000_000);
});
afterAll(() => workspace[Symbol.asyncDispose]());

const read = (type: InputType, name: string) =>
  readInputFile(
    { name: "it", type, position: { line: 1, column: 1, offset: 0, length: 0 } },
    { path: join(workspace.folder, name), name },
    workspace.runtime,
  );

describe("an input is given by a file", () => {
  test("a string by its text, as it is but for the byte order mark", async () => {
    expect(await read("string", "letter.txt")).toEqual({ type: "string", value: "Dear Ada,\r\n\n@you\n" });
    expect(await read("string", "facts.json")).toEqual({ type: "string", value: files["facts.json"] });
  });

  test.each(["facts.json", "facts.yaml"])("data by %s, integers exactly", async (name) => {
    expect(await read("json", name)).toEqual({
      type: "json",
      value: { colours: ["red", "blue"], big: 12345678901234567890n },
    });
  });

  test("messages by JSON", async () => {
    expect(await read("messages", "talk.json")).toEqual({
      type: "messages",
      value: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Ho" },
      ],
    });
  });

  test.each(["people.csv", "people.json", "people.jsonl"])("a table by the rows of %s", async (name) => {
    const table = await workspace.runtime.tables.fromRows(people);
    expect(await read("table", name)).toEqual({ type: "table", value: table });
  });

  test("a table by Parquet", async () => {
    const table = await workspace.runtime.tables.fromRows(Array.from({ length: 200 }, (_, id) => ({ id })));
    const kept = join(workspace.folder, ".sheaf", "state", "tables", `${table.hash}.parquet`);
    await copyFile(kept, join(workspace.folder, "ids.parquet"));
    expect(await read("table", "ids.parquet")).toEqual({ type: "table", value: table });
  });

  test("a file or an image by itself, kept by its content, with the media type it really has", async () => {
    const image = {
      hash: createHash("sha256").update(gif).digest("hex"),
      name: "scan.png",
      mediaType: "image/gif",
      bytes: gif.length,
    };
    expect(await read("image", "scan.png")).toEqual({ type: "image", value: image });
    expect(await read("file", "scan.png")).toEqual({ type: "file", value: image });
    expect(await read("file", "contract.pdf")).toMatchObject({
      type: "file",
      value: { name: "contract.pdf", mediaType: "application/pdf", bytes: 18 },
    });
    expect(await read("file", "unknown.bin")).toMatchObject({ value: { mediaType: "application/octet-stream" } });
    const kept = workspace.runtime.workspace.files;
    expect(await readFile(join(kept, image.hash))).toEqual(gif);
    expect(await readdir(kept)).toHaveLength(3);
  });
});

describe("a file that cannot give an input is an error with a cure:", () => {
  const where = "Give a file's path from where you stand; `@@` stands for one `@` at the start of a value.";
  const smaller = "Give a smaller file; rows of data are better an input of type `table`.";
  const text = "Save it as UTF-8, or make the input's type `file` or `image`.";
  test.each([
    ["string", "nowhere.txt", "input.file", "there is no file nowhere.txt for the input `it`", where],
    ["table", "nowhere.csv", "input.file", "there is no file nowhere.csv for the input `it`", where],
    ["image", "folder", "input.file", "folder is no file for the input `it`", where],
    ["string", "long.txt", "input.file", "long.txt has 17 MB; the input `it` may have 16 MB", smaller],
    ["file", "long.pdf", "input.file", "long.pdf has 101 MB; the input `it` may have 100 MB", smaller],
    ["string", "scan.png", "input.type", "scan.png is no UTF-8 text, as the input `it` must be", text],
    ["string", "latin.txt", "input.type", "latin.txt is no UTF-8 text, as the input `it` must be", text],
    ["json", "zero.txt", "input.type", "zero.txt is no UTF-8 text, as the input `it` must be", text],
    [
      "json",
      "broken.json",
      "input.type",
      /^the input `it` cannot be read from broken\.json: it is not JSON: .*\(line 2 /,
      "Correct it; YAML is read from files that end in .yaml.",
    ],
    [
      "json",
      "broken.yaml",
      "input.type",
      /^the input `it` cannot be read from broken\.yaml: line 3: it is not YAML/,
      /quotes/,
    ],
    [
      "messages",
      "facts.json",
      "input.type",
      "the input `it` is an object",
      "Give a list of messages, each with a `role` (system, user or assistant) and a text as `content`.",
    ],
    ["table", "letter.txt", "data.format", "letter.txt has the ending .txt, so its format is not known", /\.csv/],
    ["table", "ragged.csv", "data.ragged", "ragged.csv, line 2: 1 field where the header has 2", /as many fields/],
    [
      "image",
      "contract.pdf",
      "input.type",
      "contract.pdf is no PNG, JPEG, GIF or WebP image, as `it` must be",
      "Give an image, or save this one in such a format.",
    ],
    ["number", "long.txt", "input.type", "the input `it` is a number, which is not read from a file", /--set it=…/],
    ["boolean", "long.txt", "input.type", "the input `it` is a boolean, which is not read from a file", /--set it=…/],
    ["choice", "long.txt", "input.type", "the input `it` is a choice, which is not read from a file", /`@@` at its/],
  ] as const)("%s by %s", async (type, name, code, message, cure) => {
    await expect(read(type, name)).rejects.toMatchObject({
      code,
      message: typeof message === "string" ? message : expect.stringMatching(message),
      cure: typeof cure === "string" ? cure : expect.stringMatching(cure),
    });
  });
});
