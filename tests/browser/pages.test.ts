import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const notebook = (title: string) => `---
sheaf: 1
title: ${title}
inputs:
  message: { type: string, default: hello }
outputs: [answer]
---

\`\`\`prompt answer
---
model: echo/text
---
You said {{ message }}.
\`\`\`
`;

/** More cells than a window is tall. */
const long = `---
sheaf: 1
title: Long
---
${Array.from({ length: 45 }, (_, index) => `\n\`\`\`prompt cell_${index + 1}\n---\nmodel: echo/text\n---\nSize 3x4, a->b\n\`\`\`\n`).join("")}`;

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({ echo: notebook("Echo"), other: notebook("Other"), long });
}, 60_000);

afterAll(() => workbench[Symbol.asyncDispose]());

describe("the pages", { timeout: 60_000 }, () => {
  test.each([
    ["/", "Notebooks"],
    ["/datasets", "Datasets"],
    ["/runs", "Runs"],
    ["/published", "Published"],
    ["/models", "Models"],
    ["/nothing/here", "Not found"],
  ])("%s opens without a complaint, in light and dark, and axe finds nothing serious", async (path, title) => {
    await using opened = await workbench.open(path);
    const { page, complaints } = opened;
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await expect.poll(() => page.getByText("Reading").count()).toBe(0);
    expect(await page.title()).toBe(`${title} · Sheaf`);
    expect(await seriousProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("read at 390 wide: nothing sticks out, and a button opens the menu", async () => {
    for (const path of ["/", "/models", "/datasets", "/published"]) {
      await using opened = await workbench.open(path, 390);
      const { page } = opened;
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expect.poll(() => page.getByText("Reading").count()).toBe(0);
      const wide = await page.locator("main").evaluate(({ scrollWidth }) => scrollWidth);
      expect([path, wide <= 390]).toEqual([path, true]);
    }
    await using opened = await workbench.open("/", 390);
    const { page } = opened;
    await page.getByRole("button", { name: "Open the menu" }).click();
    await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Models" }).click();
    await page.getByRole("heading", { level: 1, name: "Models" }).waitFor();
    expect(await page.getByRole("navigation", { name: "Workspace" }).isVisible()).toBe(false);
  });
});

describe("a notebook longer than the window", { timeout: 60_000 }, () => {
  test.each(["/n/long", "/n/long?compare=cell_1"])(
    "%s fills the window, and scrolls inside of it alone",
    async (path) => {
      await using opened = await workbench.open(path);
      const { page } = opened;
      await page.locator(".outline-item").nth(44).waitFor();
      await page.mouse.move(1_200, 500);
      await page.mouse.wheel(0, 2_000);
      await page.waitForTimeout(300);
      expect(await page.evaluate("[scrollY, document.documentElement.scrollHeight - innerHeight]")).toEqual([0, 0]);
    },
  );

  test("shows the characters that are there: no ligature makes two of them look like another one", async () => {
    await using opened = await workbench.open("/n/long");
    const { page } = opened;
    await page.locator(".outline-item").nth(44).waitFor();
    const joining = `[...document.querySelectorAll("body *")]
      .filter((one) => getComputedStyle(one).fontVariantLigatures !== "none")
      .map((one) => one.tagName + "." + one.className)`;
    expect(await page.evaluate(joining)).toEqual([]);
  });
});

test("the first key leads past the rail to what the page is about", { timeout: 60_000 }, async () => {
  for (const path of ["/costs", "/n/echo"]) {
    await using opened = await workbench.open(path);
    const { page } = opened;
    await page.locator("main").waitFor();
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the page" });
    expect(await skip.evaluate((link) => link.matches(":focus"))).toBe(true);
    expect((await skip.boundingBox())!.x).toBeGreaterThan(0);
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
    expect(new URL(page.url()).pathname).toBe(path);
  }
});

describe("the notebooks", { timeout: 60_000 }, () => {
  test("are made, renamed by F2, duplicated by the menu and removed by Delete", async () => {
    await using opened = await workbench.open("/");
    const { page, complaints } = opened;
    await page.getByRole("button", { name: "New notebook" }).click();
    await page.getByLabel("Title").fill("A plan");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/n/a-plan");
    await page.getByRole("link", { name: "Notebooks", exact: true }).click();
    const list = page.getByRole("list", { name: "Notebooks" });
    await list.getByRole("link", { name: "A plan" }).focus();
    await page.keyboard.press("F2");
    await page.getByLabel("Title").fill("A better plan");
    await page.keyboard.press("Enter");
    await list.getByRole("link", { name: "A better plan" }).waitFor();
    await list.getByRole("button", { name: "More for A better plan" }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await list.getByRole("link", { name: "A better plan copy" }).focus();
    await page.keyboard.press("Delete");
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect.poll(() => list.getByRole("link", { name: "A better plan copy" }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("show the text of their cells where they are opened from the list", async () => {
    await using opened = await workbench.open("/");
    const { page, complaints } = opened;
    await page.getByRole("list", { name: "Notebooks" }).getByRole("link", { name: "Other" }).click();
    await page.waitForURL("**/n/other");
    await page.locator(".cell-editor").getByText("You said").waitFor();
    expect(complaints).toEqual([]);
  });

  test("are imported from a Markdown file", async () => {
    await using opened = await workbench.open("/");
    const { page } = opened;
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: "From elsewhere.md", mimeType: "text/markdown", buffer: Buffer.from("# Words\n") });
    await page.waitForURL("**/n/from-elsewhere");
    await page.getByRole("heading", { name: "Words" }).waitFor();
  });

  test("stay in the list when it cannot be read again, until it can", async () => {
    await using opened = await workbench.open("/");
    const { page } = opened;
    const list = page.getByRole("list", { name: "Notebooks" });
    await list.getByRole("link", { name: "Other" }).waitFor();
    await page.route(/notebooks\.list/, (route) => route.abort());
    await list.getByRole("button", { name: "More for Other" }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    const problem = page.getByRole("alert").filter({ hasText: "the server did not answer" });
    await problem.waitFor();
    expect(await list.getByRole("link", { name: "Other" }).isVisible()).toBe(true);
    const rail = page.getByRole("navigation", { name: "Workspace" });
    expect(await rail.getByRole("link", { name: "Other" }).isVisible()).toBe(true);
    await page.unroute(/notebooks\.list/);
    const copy = list.getByRole("link", { name: "Other copy" });
    // What is told of changes has it read again as well, and may be there before.
    await Promise.any([problem.getByRole("button", { name: "Try again" }).click(), copy.waitFor()]);
    await copy.waitFor();
    expect(await problem.count()).toBe(0);
  });
});

describe("a dataset", { timeout: 60_000 }, () => {
  const csv = (rows: string) => ({ name: "words.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });

  test("is sent, shown with its types, replaced when that is said, and removed", async () => {
    await using opened = await workbench.open("/datasets");
    const { page, complaints } = opened;
    const input = page.locator("input[type=file]");
    await input.setInputFiles(csv("word,letters\nhello,5\nbye,3\n"));
    await page.getByRole("columnheader", { name: "letters number" }).waitFor();
    await page.getByRole("cell", { name: "hello" }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await input.setInputFiles(csv("word\nagain\n"));
    await page.getByRole("button", { name: "Replace it" }).click();
    await page.getByRole("cell", { name: "again" }).waitFor();
    await page.getByRole("button", { name: "More for words.csv" }).click();
    await page.getByRole("menuitem", { name: "Remove …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("No datasets yet").waitFor();
  });

  test("on its way can be stopped, and then is not there", async () => {
    await using opened = await workbench.open("/datasets");
    const { page } = opened;
    await page.route("**/api/datasets/slow.csv", () => {});
    await page.locator("input[type=file]").setInputFiles({ ...csv("a\n1\n"), name: "slow.csv" });
    await page.getByRole("progressbar", { name: "Sending slow.csv" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => page.getByText("slow.csv").count()).toBe(0);
  });

  test("on its way goes on when its page is left, says how it ended, and changes nothing of the page that is open then", async () => {
    await using opened = await workbench.open("/datasets");
    const { page, complaints } = opened;
    await page.route(/api\/datasets\//, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await route.continue();
    });
    const send = async (): Promise<void> => {
      await page
        .locator("input[type=file]")
        .setInputFiles({ name: "left.csv", mimeType: "text/csv", buffer: Buffer.from("id\n1\n") });
      await page.getByRole("list", { name: "Uploads" }).waitFor();
      await page.getByRole("link", { name: "Runs", exact: true }).click();
      await page.waitForURL("**/runs");
    };
    await send();
    await page.getByText("left.csv is there.").waitFor();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("link", { name: "Datasets", exact: true }).click();
    await send();
    await page.getByText("There is a left.csv already, and it was kept").waitFor();
    expect(complaints.filter((line) => !line.includes("409"))).toEqual([]);
  });

  test("with an error says the line and what to do", async () => {
    await using opened = await workbench.open("/datasets");
    const { page } = opened;
    await page.locator("input[type=file]").setInputFiles({ ...csv('a,b\n1,2\n"3,4\n'), name: "broken.csv" });
    await expect(page.getByRole("alert").textContent()).resolves.toMatch(/line 3/i);
  });
});
