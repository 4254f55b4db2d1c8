import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredFile } from "#server/notebook/value.ts";
import { keepFile, readKept } from "#server/store/keep-file.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

async function kept(name: string, bytes: Uint8Array = pixel, mediaType = "image/png"): Promise<StoredFile> {
  const hash = await keepFile(workspace.runtime.workspace.files, bytes);
  return { hash, name, mediaType, bytes: bytes.length };
}

const inputs = "inputs:\n  photo: { type: image }\n  back: { type: image }\n  paper: { type: file }\n";
const prompt = (name: string, images: string, source = "What is on it?", model = "server/small"): string =>
  fence(`prompt ${name}`, `---\nmodel: ${model}\nimages: ${images}\n---\n${source}`);
const lastContent = (): unknown => workspace.server.requests().at(-1)!.body.messages.at(-1)!.content;
const dataUrl = `data:image/png;base64,${pixel.toString("base64")}`;

describe("the images of a prompt", () => {
  test("go before the text of the last message of the user, and stand in the journal by their hash", async () => {
    const session = await workspace.open(
      notebookText(inputs, prompt("seen", "=photo", "system:\nBe brief.\nuser:\nWhat is on it?")),
    );
    const photo = await kept("front.png");
    await session.setInput("photo", { ...photo });
    expect(await session.preview("seen", {})).toMatchObject({ type: "call", images: [photo] });
    await session.run({ type: "stale" }).done;
    expect(lastContent()).toEqual([
      { type: "image_url", image_url: { url: dataUrl } },
      { type: "text", text: "What is on it?" },
    ]);
    const detail = await session.result("seen");
    expect(detail?.calls[0]?.journal?.request).toMatchObject({
      messages: [{ role: "system" }, { role: "user", content: "What is on it?" }],
      images: [{ hash: photo.hash, name: "front.png", mediaType: "image/png" }],
    });
    const [listed] = await workspace.runtime.journal.list({ key: detail!.calls[0]!.key, limit: 1 });
    expect(JSON.stringify(listed)).not.toContain(pixel.toString("base64").slice(0, 40));
  });

  test("are what a call is known by: another picture is another call, the same one under another name is not", async () => {
    const session = await workspace.open(notebookText(inputs, prompt("same", "=[photo, back]", "Compare.")));
    const other = await kept("other.png", Buffer.concat([pixel, Buffer.from("x")]));
    const sentAfter = async (photo: StoredFile, back: StoredFile): Promise<number> => {
      workspace.sent();
      await session.setInput("photo", { ...photo });
      await session.setInput("back", { ...back });
      await session.run({ type: "stale" }).done;
      return workspace.sent().length;
    };
    const photo = await kept("front.png");
    expect(await sentAfter(photo, other)).toBe(1);
    expect(lastContent()).toMatchObject([{ type: "image_url" }, { type: "image_url" }, { type: "text" }]);
    expect(await sentAfter(other, photo)).toBe(1);
    expect(await sentAfter({ ...photo, name: "renamed.png" }, other)).toBe(0);
  });

  test("come from the rows of a sheet, and from a table's column of files", async () => {
    const photo = await kept("front.png");
    const rows = JSON.stringify([
      { id: "a", photo },
      { id: "b", photo: { ...photo, name: "b.png" } },
    ]);
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("data photos", `---\nkey: id\nformat: json\n---\n${rows}`),
        prompt("together", "[=photos]", "How many?"),
        fence("sheet each", `---\nrows: photos\n---\n${prompt("said", "=row.photo", "{{ row.id }}: what is it?")}`),
        fence("sheet bound", "---\nrows: photos\nwith: { photo: =row.photo }\ncolumns: [outer]\n---"),
        prompt("outer", "=photo", "Of the input: what is it?"),
      ),
    );
    expect(session.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    await session.setInput("photo", { ...photo });
    workspace.sent();
    await session.run({ type: "all" }).done;
    const contents = workspace.server.requests().map(({ body }) => body.messages.at(-1)!.content as unknown);
    const pictured = contents
      .filter(Array.isArray)
      .map((parts: readonly { type: string; text?: string }[]) => [
        parts.filter(({ type }) => type === "image_url").length,
        parts.at(-1)!.text,
      ]);
    expect(pictured).toContainEqual([2, "How many?"]);
    expect(pictured).toContainEqual([1, "a: what is it?"]);
    expect(pictured).toContainEqual([1, "b: what is it?"]);
    expect(pictured).toContainEqual([1, "Of the input: what is it?"]);
  });

  test("stand in the cells of a table too, as data addresses or as bytes with their path, and are kept when they are sent", async () => {
    const other = Buffer.concat([pixel, Buffer.from("other")]);
    const rows = JSON.stringify([
      { id: "address", photo: `data:image/png;base64,${other.toString("base64")}` },
      { id: "bytes", photo: { bytes: other.toString("base64"), path: "train/cat.png" } },
    ]);
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("data photos", `---\nkey: id\nformat: json\n---\n${rows}`),
        fence("sheet each", `---\nrows: photos\n---\n${prompt("said", "=row.photo", "{{ row.id }} of a table?")}`),
        prompt("as_file", "=photo", "address of a table?"),
      ),
    );
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toHaveLength(2);
    expect(lastContent()).toMatchObject([
      { type: "image_url", image_url: { url: `data:image/png;base64,${other.toString("base64")}` } },
      { type: "text" },
    ]);
    const listed = await workspace.runtime.journal.list({ limit: 2 });
    const { hash } = await kept("cat.png", other);
    expect(listed.map(({ request }) => (request as unknown as { images: unknown }).images).toSorted()).toEqual([
      [{ hash, name: "cat.png", mediaType: "image/png" }],
      [{ hash, name: "picture.png", mediaType: "image/png" }],
    ]);
    expect(await readKept(workspace.runtime.workspace.files, hash)).toEqual(other);
    // The same picture as a file is the same call.
    await session.setInput("photo", { ...(await kept("front.png", other)) });
    await session.run({ type: "stale" }).done;
    expect(workspace.sent()).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ["a text", "front.png", "What?", /the text "front.png" where a picture should be/],
    ["data with something missing", '"data:image/png;base64,iVBOR"', "What?", /no whole Base64/],
    ["a number", "=1 + 1", "What?", /a number where a picture should be/],
    ["an object", `"={'a': 1}"`, "What?", /an object without a picture/],
    ["a document", "=paper", "What?", /front.pdf is application\/pdf, which models do not see/],
    ["no message of the user", "=photo", "system:\nBe brief.", /go with a message of the user/],
  ])("that are %s are an error before anything is sent", async (_, images, source, message) => {
    const session = await workspace.open(notebookText(inputs, prompt("wrong", images, source)));
    await session.setInput("photo", { ...(await kept("front.png")) });
    await session.setInput("paper", { ...(await kept("front.pdf", pixel, "application/pdf")) });
    workspace.sent();
    await session.run({ type: "stale" }).done;
    expect(session.shown("wrong")?.error).toMatchObject({
      code: "prompt.images",
      message: expect.stringMatching(message),
      cure: expect.any(String),
    });
    expect(workspace.sent()).toEqual([]);
  });

  test("that are not kept any more, or too large, are said by name, and cost nothing", async () => {
    const session = await workspace.open(notebookText(inputs, prompt("lost", "=photo")));
    await session.setInput("photo", { hash: "0".repeat(64), name: "gone.png", mediaType: "image/png", bytes: 1 });
    await session.run({ type: "stale" }).done;
    expect(session.shown("lost")?.error).toMatchObject({
      code: "model.image",
      message: expect.stringContaining("gone.png"),
    });
    await session.setInput("photo", { ...(await kept("huge.png", Buffer.concat([pixel, Buffer.alloc(20_000_001)]))) });
    await session.run({ type: "stale" }).done;
    expect(session.shown("lost")?.error).toMatchObject({
      code: "model.image",
      message: "huge.png has 20.0 MB, and an image may have 20",
    });
    expect(session.shown("lost")?.calls).toMatchObject([{ cost: 0 }]);
  });

  test("stay where they stand when an answer that does not fit is asked for once more", async () => {
    const session = await workspace.open(
      notebookText(
        inputs,
        fence("prompt typed", "---\nmodel: server/small\nimages: =photo\nschema: number\n---\nHow many?"),
      ),
    );
    await session.setInput("photo", { ...(await kept("front.png")) });
    let asked = 0;
    workspace.script = () => ((asked += 1) === 1 ? "many" : "7");
    await session.run({ type: "stale" }).done;
    workspace.script = null;
    const { messages } = workspace.server.requests().at(-1)!.body;
    expect(messages.map(({ content }) => Array.isArray(content))).toEqual([true, false, false]);
    const detail = await session.result("typed");
    expect(detail?.calls[1]?.journal?.request).toMatchObject({ images: [{ name: "front.png" }], imageMessage: 0 });
  });

  test("that are null are none", async () => {
    const session = await workspace.open(notebookText(inputs, prompt("bare", "=none", "Without.")));
    await session.run({ type: "stale" }).done;
    expect(lastContent()).toBe("Without.");
  });
});
