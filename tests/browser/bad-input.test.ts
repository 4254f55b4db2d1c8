import { readFile, readdir, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const notebook = (title: string): string =>
  `---\nsheaf: 1\ntitle: ${title}\ninputs:\n  message: { type: string, default: hello }\n  people: { type: table, default: [{ id: 1 }] }\noutputs: [answer]\n---\n\n` +
  "```prompt answer\n---\nmodel: echo/text\n---\nYou said {{ message }}.\n```\n\n```template greeting\nHello {{ message }}\n```\n";

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    here: notebook("Renamed here"),
    outside: notebook("Renamed outside"),
    plain: notebook("Plain"),
    asked: notebook("Asked"),
  });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

const call = async (procedure: string, input: object): Promise<unknown> => {
  const answer = await fetch(`${workbench.address}/api/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return ((await answer.json()) as { result: { data: unknown } }).result.data;
};
const fileText = (name: string): Promise<string> =>
  readFile(join(workbench.folder, "notebooks", name), "utf8").catch(() => "");

describe("a notebook that is renamed while somebody types in it", { timeout: 60_000 }, () => {
  test.each([
    [
      "elsewhere in the workbench",
      "here",
      () => call("notebooks.rename", { path: "notebooks/here.md", to: "notebooks/moved-here.md" }),
    ],
    [
      "outside of it",
      "outside",
      () =>
        rename(join(workbench.folder, "notebooks/outside.md"), join(workbench.folder, "notebooks/moved-outside.md")),
    ],
  ])("%s goes on under its new address, and not a key is lost", async (_, name, move) => {
    await using opened = await workbench.open(`/n/${name}`);
    const { page, complaints } = opened;
    await page.locator('[data-block="greeting"] .cell-source').click();
    const editor = page.locator('[data-block="greeting"] .cm-content');
    await editor.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" before", { delay: 20 });
    await move();
    await page.keyboard.type(" while", { delay: 60 });
    await page.waitForURL(`**/n/moved-${name}`);
    await page.keyboard.type(" after", { delay: 20 });
    expect(await editor.textContent()).toContain("Hello {{ message }} before while after");
    await expect.poll(() => fileText(`moved-${name}.md`), { timeout: 20_000 }).toContain("before while after");
    expect(await fileText(`${name}.md`)).toBe("");
    await page.getByText(`The notebook is moved-${name}.md now.`).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe("a browser without WebSocket", { timeout: 60_000 }, () => {
  test("shows a notebook, hears of its runs and edits it all the same", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    await page.addInitScript("delete window.WebSocket");
    await page.goto(`${workbench.address}/n/plain`);
    await page.getByRole("heading", { name: "Plain" }).or(page.getByText("Plain")).first().waitFor();
    await page.getByRole("button", { name: /^Run stale/ }).click();
    await page.locator('[data-block="answer"] .result').getByText("You said hello.").waitFor();
    await call("notebook.edit", {
      path: "notebooks/plain.md",
      operations: [{ type: "set-source", cell: "greeting", source: "Changed elsewhere" }],
    });
    await page.locator('[data-block="greeting"] .result').getByText("Changed elsewhere").waitFor();
    expect(complaints).toEqual([]);
  });

  test("nor server-sent events says what is missing", async () => {
    await using opened = await workbench.open("/models");
    const { page } = opened;
    await page.addInitScript("delete window.WebSocket; delete window.EventSource");
    await page.goto(`${workbench.address}/n/plain`);
    await page.getByText(/neither WebSocket nor EventSource/).waitFor();
  });
});

describe("a file that is given to a table input", { timeout: 60_000 }, () => {
  test("of more than 2 GB is refused in place, before anything is read or sent", async () => {
    const large = join(workbench.folder, "large.csv");
    await writeFile(large, "id\n");
    await truncate(large, 2 * 1024 ** 3 + 1);
    await using opened = await workbench.open("/n/asked");
    const { page, complaints } = opened;
    const sent: string[] = [];
    page.on("request", (request) => void (request.method() === "PUT" && sent.push(request.url())));
    await page.locator('[data-input="people"] input[type=file]').setInputFiles(large);
    await page.locator('[data-input="people"]').getByText("large.csv has more than 2 GB").waitFor();
    expect([sent, await readdir(join(workbench.folder, "datasets"))]).toEqual([[], []]);
    expect(complaints).toEqual([]);
  });

  test("shows how far it is, is stopped, and leaves nothing behind", async () => {
    const long = join(workbench.folder, "long.csv");
    await writeFile(long, "id\n");
    await truncate(long, 300_000_000);
    await using opened = await workbench.open("/n/asked");
    const { page } = opened;
    const debug = await page.context().newCDPSession(page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 10_000_000 };
    await debug.send("Network.enable");
    await debug.send("Network.emulateNetworkConditions", slow);
    const field = page.locator('[data-input="people"]');
    await field.locator("input[type=file]").setInputFiles(long);
    await field.getByRole("progressbar", { name: "Sending long.csv" }).waitFor();
    await field.getByText(/ of 300 MB|of 286/).waitFor();
    await field.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => field.getByRole("progressbar").count()).toBe(0);
    await expect.poll(() => readdir(join(workbench.folder, "datasets")), { timeout: 20_000 }).toEqual([]);
  });
});

describe("requests of a published notebook", { timeout: 60_000 }, () => {
  test("become a dataset in one click, are taken back in another, and are tried again as inputs", async () => {
    await call("published.publish", { path: "notebooks/asked.md", slug: "asked" });
    for (const message of ["first", "second"])
      await fetch(`${workbench.address}/api/run/asked`, {
        method: "POST",
        body: JSON.stringify({ inputs: { message } }),
      });
    await using opened = await workbench.open("/published/asked");
    const { page, complaints } = opened;
    await page.getByRole("button", { name: "Make a dataset of all requests" }).click();
    await page.waitForURL("**/datasets?file=asked-requests.jsonl");
    await page.getByRole("columnheader", { name: /^answer/ }).waitFor();
    const lines = (await readFile(join(workbench.folder, "datasets", "asked-requests.jsonl"), "utf8"))
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { status: "done", message: "first", answer: "You said first." },
      { status: "done", message: "second", answer: "You said second." },
    ]);
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForURL("**/published/asked");
    expect(await readdir(join(workbench.folder, "datasets"))).not.toContain("asked-requests.jsonl");
    await page.getByRole("link", { name: "notebooks/asked.md" }).click();
    await page.getByRole("button", { name: "last runs …" }).click();
    await page.getByRole("menuitem", { name: /second/ }).click();
    await expect.poll(() => page.locator('[data-input="message"] textarea').inputValue()).toBe("second");
    expect(complaints).toEqual([]);
  });
});

describe("a picture", { timeout: 60_000 }, () => {
  /** A red PNG of two by two points. */
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==",
    "base64",
  );
  const pictures = [
    "---\nsheaf: 1\ntitle: Pictures\ninputs:\n  photo: image\n---",
    "```js shown\nreturn photo;\n```",
    `\`\`\`data album\nid,picture\n1,"data:image/png;base64,${png.toString("base64")}"\n\`\`\``,
    "````sheet pages\n---\nrows: album\n---\n```js same\nreturn row.picture;\n```\n````",
    "```prompt asked\n---\nmodel: echo/text\nimages: =photo\n---\nWhat is it?\n```",
  ].join("\n\n");

  test("is given to an input, and shown in results, tables, sheets, prompts, the reader and the inspector, from our own server", async () => {
    await writeFile(join(workbench.folder, "notebooks", "pictures.md"), pictures);
    await call("notebook.trust", { path: "notebooks/pictures.md" });
    await using opened = await workbench.open("/n/pictures");
    const { page, complaints } = opened;
    const drawn = (selector: string): Promise<unknown> =>
      page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.naturalWidth`);
    await page
      .locator('[data-input="photo"] input[type=file]')
      .setInputFiles({ name: "red.png", mimeType: "image/png", buffer: png });
    await expect.poll(() => page.locator('[data-block="shown"] .result img').count(), { timeout: 20_000 }).toBe(1);
    await expect.poll(() => drawn('[data-block="shown"] .result img')).toBe(2);
    await expect.poll(() => drawn('[data-block="album"] .table-picture')).toBe(2);
    await expect.poll(() => drawn('[data-block="pages"] .sheet-picture')).toBe(2);
    const source = (await page.locator('[data-block="shown"] .result img').getAttribute("src"))!;
    const { headers, status } = await fetch(workbench.address + source);
    expect([status, headers.get("content-type"), headers.get("x-content-type-options")]).toEqual([
      200,
      "image/png",
      "nosniff",
    ]);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    await page.locator('[data-block="shown"] .result').click();
    await page.getByRole("complementary", { name: "Inspector" }).waitFor();
    await page.screenshot({ path: "test-results/pictures.png", fullPage: true });
    await page.locator('[data-block="asked"]').getByRole("button", { name: /^Run/ }).first().click();
    await page.locator('[data-block="asked"] .result').first().click();
    await page.getByRole("tab", { name: "Prompt" }).click();
    await expect.poll(() => drawn(".sent .sent-images img"), { timeout: 20_000 }).toBe(2);
    await page.getByRole("tab", { name: "Result" }).click();
    await page
      .locator('[data-input="photo"] input[type=file]')
      .setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from("<svg/>") });
    await page
      .locator('[data-input="photo"]')
      .getByText(/PNG, JPEG, GIF or WebP/)
      .waitFor();
    expect(complaints.filter((one) => !one.includes("400"))).toEqual([]);
  });
});

describe("a file that is no notebook", { timeout: 60_000 }, () => {
  const files = {
    "readme.md": "# Just a readme\n\n```template a\nHello\n```\n",
    "later.md": "---\nsheaf: 2\n---\n\n```template a\nHello\n```\n",
    "listed.md": "---\n- sheaf\n---\n\nText\n",
  };
  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(workbench.folder, "notebooks", name), text);
  });

  test("says what and where, has no cells to begin with, and is made one by its button, which is undone like any edit", async () => {
    await using opened = await workbench.open("/n/readme");
    const { page, complaints } = opened;
    const notice = page.getByRole("region", { name: "Why this is no notebook" });
    await notice.getByText("has sheaf: 1. Nothing in this file is run.").waitFor();
    expect(await page.getByText("This notebook has no cell yet").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Trust this notebook" }).count()).toBe(0);
    expect(await seriousProblems(page)).toEqual([]);
    await notice.getByRole("button", { name: "Write sheaf: 1 into its front matter" }).press("Enter");
    await page.locator('[data-block="a"]').waitFor();
    await expect.poll(() => fileText("readme.md")).toBe(`---\nsheaf: 1\n---\n${files["readme.md"]}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    await notice.waitFor();
    await expect.poll(() => fileText("readme.md")).toBe(files["readme.md"]);
    await page.goto(`${workbench.address}/n/later`);
    await notice.getByText('Line 2: Version "2" of the format is not known; known is 1.').waitFor();
    await page.goto(`${workbench.address}/n/listed`);
    await notice.getByText("Line 2: The front matter is a list, not a mapping. Write lines of").waitFor();
    await notice.getByText("Correct notebooks/listed.md in an editor").waitFor();
    expect(await notice.getByRole("button").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("stands in the list with its reason where it was meant to be one", async () => {
    await using opened = await workbench.open("/");
    const list = opened.page.getByRole("list", { name: "Notebooks" });
    await list.getByText("no notebook: the front matter is a list, not a mapping").waitFor();
    await list.getByText('no notebook: version "2" of the format is not known; known is 1').waitFor();
    expect(await list.getByText("readme").count()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });
});
