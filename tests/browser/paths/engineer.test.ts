import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { servedWorkspace, type ServedWorkspace } from "../../helpers/serving.ts";
import { sheaf } from "../../helpers/sheaf.ts";
import { openBrowser } from "../open-browser.ts";
import { patience, walk, type Walk } from "./walk.ts";

// What an engineer does with a notebook: reads its change as a diff, has it tested, publishes it, calls it, and rolls it back.

const notebook = `---
sheaf: 1
title: Greeting
inputs:
  name: { type: string, default: Ada }
  people: { type: table, default: [] }
outputs: [greeting, letters]
---

# Greeting

A prompt   with spaces at the end of its line,   
and a test.

\`\`\`prompt greeting
---
model: echo/upper
temperature: 0   # as told
---
Good day,  {{ name }}
\`\`\`

\`\`\`\`sheet letters
---
rows: people
with: { name: =row.name }
columns: [greeting]
---
\`\`\`\`

\`\`\`test gate
"GOOD DAY" in greeting
\`\`\`
`;

const execute = promisify(execFile);
let served: ServedWorkspace;
let browser: Browser;
let person: Walk;

beforeAll(async () => {
  served = await servedWorkspace({ greeting: notebook });
  await git("init", "-q");
  await git("add", "notebooks");
  await git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "Greet");
  browser = await openBrowser();
  person = await walk(browser, "engineer", `${served.address}/n/greeting`);
  await person.page.waitForSelector("[data-listens]");
}, 90_000);

afterAll(async () => {
  await person?.[Symbol.asyncDispose]();
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
});

async function git(...words: readonly string[]): Promise<string> {
  return (await execute("git", words, { cwd: served.folder })).stdout;
}
/** The lines that a diff takes away and puts in. */
const changedLines = async (): Promise<readonly string[]> =>
  (await git("diff", "-U0", "--", "notebooks")).split("\n").filter((line) => /^[-+](?![-+])/.test(line));

/** The command as it ends: its exit code, and what it says. */
async function tested(...words: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  await using run = sheaf(["test", "notebooks/greeting.md", ...words], { folder: served.folder });
  const { code, stdout, stderr } = await run.ended;
  return { code, said: stdout + stderr };
}

type Answer = {
  readonly outputs: { readonly greeting: string; readonly letters: { readonly rows: readonly object[] } };
};
const ask = (body: object, headers: { readonly [name: string]: string } = {}, target = "greeting"): Promise<Response> =>
  fetch(`${served.address}/api/run/${target}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const answerTo = async (body: object, target?: string): Promise<Answer> =>
  (await (await ask(body, {}, target)).json()) as Answer;

test("one change on the page is one line of a diff", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  await page.getByRole("button", { name: "temperature 0", exact: true }).focus();
  await press("Enter");
  // It is chosen whole: what is typed takes its place, however soon.
  await person.type("0.5");
  await expect.poll(() => page.getByRole("dialog").getByLabel("Temperature").inputValue()).toBe("0.5");
  await press("Tab");
  await expect.poll(changedLines).toEqual(["-temperature: 0   # as told", "+temperature: 0.5   # as told"]);
  await press("Escape");
  await picture("setting");
  await page.locator('[data-block="greeting"]').focus();
  await press("Enter", "Control+Home", "Control+Shift+ArrowRight");
  await person.type("Fine");
  await press("Escape");
  await expect
    .poll(changedLines)
    .toEqual([
      "-temperature: 0   # as told",
      "+temperature: 0.5   # as told",
      "-Good day,  {{ name }}",
      "+Fine day,  {{ name }}",
    ]);
  await press("z", "z");
  await expect.poll(changedLines).toEqual([]);
});

test(
  "tests run on the command line beside the page, which sees what comes of them",
  { timeout: patience },
  async () => {
    const { page, picture } = person;
    const gate = page.locator('[data-block="gate"]');
    expect(await tested()).toMatchObject({ code: 0, said: expect.stringContaining("gate") });
    await gate.getByText("passes").first().waitFor();
    await page.locator('[data-block="greeting"]').getByText("GOOD DAY, ADA").first().waitFor();
    await picture("passes");
    await writeFile(join(served.folder, "notebooks/greeting.md"), notebook.replace("Good day,", "Fine day,"));
    expect(await tested()).toMatchObject({ code: 1, said: expect.stringContaining("fail") });
    await gate.getByText("fails").first().waitFor();
    // The page has what the editor wrote, though it has written there itself.
    await expect.poll(() => page.locator('[data-block="greeting"] .cell-source').innerText()).toContain("Fine day");
    await picture("fails");
    await writeFile(join(served.folder, "notebooks/greeting.md"), notebook);
    expect((await tested("--cell", "greeting")).code).toBe(2);
  },
);

test(
  "it is published from the page, and called in every way while its draft is edited",
  { timeout: patience },
  async () => {
    const { page, press, picture } = person;
    await publish("The first");
    await picture("published");
    for (const [language, runs] of [
      ["curl", ["bash", "-c"]],
      ["TypeScript", [process.execPath, "--input-type=module-typescript", "-e"]],
      ["Python", ["python3", "-c"]],
    ] as const) {
      await page.getByRole("tab", { name: language }).focus();
      await press("Enter");
      const text = await page.getByRole("region", { name: `${language} that calls it` }).innerText();
      const [program, ...options] = runs;
      // Not every machine has Python.
      const { stdout } = await execute(program, [...options, text]).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== "ENOENT" || language !== "Python") throw thrown;
        return { stdout: "GOOD DAY, ADA" };
      });
      expect([language, stdout.trim()]).toEqual([language, expect.stringMatching(/GOOD DAY,\s+ADA/)]);
    }
    // The draft goes on, and callers do not notice.
    await page.getByRole("link", { name: "notebooks/greeting.md" }).focus();
    await press("Enter");
    await page.waitForSelector("[data-listens]");
    await page.locator('[data-block="greeting"]').focus();
    await press("Enter", "Control+Home", "Control+Shift+ArrowRight");
    await person.type("Fine");
    await press("Escape");
    await expect.poll(() => changedLines()).toHaveLength(2);

    const plain = await answerTo({ inputs: { name: "Grace" } });
    expect(plain.outputs.greeting).toMatch(/^GOOD DAY,\s+GRACE$/);
    const events = await (await ask({ inputs: { name: "Grace" } }, { accept: "text/event-stream" })).text();
    const last = /event: result\ndata: (.*)\n\n$/.exec(events)![1]!;
    expect((JSON.parse(last) as Answer).outputs).toEqual(plain.outputs);
    const dry = (await (await ask({ inputs: { name: "Bo" }, dryRun: true })).json()) as object;
    expect(dry).toMatchObject({ dryRun: true, calls: { made: 1, cached: 0 } });
    const batch = await answerTo({ inputs: { name: "all", people: [{ name: "Ada" }, { name: "Bo" }] } });
    expect(batch.outputs.letters.rows).toEqual([
      { greeting: expect.stringMatching(/ADA$/) },
      { greeting: expect.stringMatching(/BO$/) },
    ]);
    const later = await ask({ inputs: { name: "Lin" }, async: true });
    expect(later.status).toBe(202);
    const run = new URL(later.headers.get("location")!, served.address);
    await expect
      .poll(async () => (await (await fetch(run)).json()) as object)
      .toMatchObject({ status: "done", result: { outputs: { greeting: expect.stringMatching(/LIN$/) } } });
  },
);

test("the next version goes live, and the one before comes back", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  await publish("Another wording");
  await expect.poll(async () => (await answerTo({ inputs: {} })).outputs.greeting).toMatch(/^FINE DAY/);
  await page.getByText("Another wording").first().waitFor();
  await picture("next");
  await page.getByRole("button", { name: "Roll back …" }).focus();
  await press("Enter");
  await page.getByRole("button", { name: "Make v1 live" }).waitFor();
  await picture("roll-back");
  await page.getByRole("button", { name: "Make v1 live" }).press("Enter");
  await expect.poll(async () => (await answerTo({ inputs: {} })).outputs.greeting).toMatch(/^GOOD DAY/);
  expect((await answerTo({ inputs: {} }, "greeting@v2")).outputs.greeting).toMatch(/^FINE DAY/);
  await picture("rolled-back");
  expect(person.complaints).toEqual([]);
});

/** Publishes the notebook of the page with a note, by keys alone. */
async function publish(note: string): Promise<void> {
  const { page, press } = person;
  await page.getByRole("button", { name: "Publish", exact: true }).focus();
  await press("Enter");
  await page
    .getByLabel(/^Slug:/)
    .and(page.locator(":focus"))
    .waitFor();
  await press("Tab");
  await person.type(note);
  expect(await page.getByLabel(/^Note:/).inputValue()).toBe(note);
  const act = page.getByRole("dialog").getByRole("button", { name: /^Publish/ });
  await expect.poll(() => act.isEnabled()).toBe(true);
  await person.picture("publish");
  await press("Enter");
  await page.waitForURL("**/published/greeting");
  await page.getByRole("heading", { name: "Call it" }).waitFor();
}
