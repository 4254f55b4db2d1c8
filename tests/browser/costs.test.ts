import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openJournal } from "#server/store/open-journal.ts";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { sheaf } from "../helpers/sheaf.ts";
import { openWorkbench, seriousProblems, type Workbench } from "./open-workbench.ts";

const notebook = `---
sheaf: 1
title: Letters
models: { mini: openai/gpt-5-mini, full: openai/gpt-5 }
---

\`\`\`prompt letter
---
models: [mini, full]
---
A letter
\`\`\`

\`\`\`prompt who
---
model: openai/nobody-knows
---
Who
\`\`\`
`;

const report = `---
sheaf: 1
title: Report
---

\`\`\`sql spent
select model, count(*) as sent from calls group by model order by model
\`\`\`
`;

let models: ModelServer;
let workbench: Workbench;
beforeAll(async () => {
  models = await startModelServer(({ body }) => ({
    text: "Good day.",
    usage: { prompt: 1_000_000, completion: 1_000 },
    ...(body.model === "nobody-knows" ? { reasoning: "Somebody asks who." } : {}),
  }));
  workbench = await openWorkbench(
    { letters: notebook, report },
    { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" },
  );
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

test(
  "what calls came to is seen in all and in parts, each looked into and left again, by keys",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/costs");
    const { page, complaints } = opened;
    await page.getByRole("heading", { name: "No model was called in this time" }).waitFor();
    await using run = sheaf(["run", "notebooks/letters.md", "--yes"], { folder: workbench.folder, deadline: 60_000 });
    await run.ended;
    await expect.poll(() => models.finished().length, { timeout: 20_000 }).toBe(3);
    await page.reload();
    const rows = page.getByRole("row");
    await expect
      .poll(() => rows.allTextContents(), { timeout: 20_000 })
      .toEqual([
        expect.stringContaining("Model"),
        expect.stringMatching(/^openai\/gpt-5\$1\.26/),
        expect.stringMatching(/^openai\/gpt-5-mini\$0\.25/),
        expect.stringMatching(/^openai\/nobody-knowsunpriced/),
      ]);
    await page.getByText("and 1 call of unknown price").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    // axe finds it moderate: two regions of one name.
    const twice = await page.evaluate<readonly string[]>(
      `axe.run(document, { runOnly: ["landmark-unique"] }).then(({ violations }) => violations.map(({ id }) => id))`,
    );
    expect(twice).toEqual([]);
    // A single day is drawn hour by hour, and an hour opens its calls.
    await page
      .getByRole("img", { name: /^US dollars hour by hour: 1 hour, most as far as prices are known at \d\d:00 / })
      .waitFor();
    await page.getByRole("navigation", { name: "Hours" }).getByRole("link").press("Enter");
    await page.waitForURL(/\/costs\/calls\?.*hour=\d{4}-\d\d-\d\d\+\d\d%3A00/);
    await expect.poll(() => rows.count()).toBe(4);
    await page.goBack();
    await expect.poll(() => rows.count()).toBe(4);
    // No figure stands there without the calls it is made of.
    const figures = page.getByRole("main").locator("dl dd, table td");
    await expect
      .poll(() => figures.evaluateAll((all) => all.filter((one) => /\d/.test(one.textContent ?? "")).length))
      .toBeGreaterThan(10);
    const linkless = await figures.evaluateAll((all) =>
      all.flatMap((one) => {
        const copy = one.cloneNode(true) as typeof one;
        for (const link of copy.querySelectorAll("a")) link.remove();
        return /\d/.test(copy.textContent ?? "") ? [one.textContent] : [];
      }),
    );
    expect(linkless).toEqual([]);
    await page.getByRole("link", { name: "and 1 call of unknown price" }).press("Enter");
    await page.waitForURL("**/costs/calls?kind=unpriced");
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole("link", { name: /\d\d:\d\d:\d\d/ }).press("Enter");
    await page.getByRole("group", { name: "user" }).getByText("Who", { exact: true }).waitFor();
    // What it thought stands apart from what it answered.
    await page.getByRole("group", { name: "reasoning" }).getByText("Somebody asks who.").waitFor();
    expect(await page.getByRole("group", { name: "answer" }).innerText()).not.toContain("Somebody");
    await page.getByText("Unpriced: no price is known for openai/nobody-knows.").waitFor();
    await page.getByText("raw response").press("Enter");
    await page.getByRole("tree", { name: "JSON" }).getByText("nobody-knows").first().waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "who of letters.md" }).press("Enter");
    await page.waitForURL("**/n/letters?at=who");
    await page.getByRole("tab", { name: "Result" }).waitFor();
    const result = page.getByRole("tabpanel", { name: "Result" });
    await result.getByRole("heading", { name: "reasoning" }).waitFor();
    await result.getByText("Somebody asks who.").waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "All calls" }).press("Enter");
    await expect.poll(() => rows.count()).toBe(4);
    await page.getByRole("button", { name: "Dearest" }).press("Enter");
    await expect.poll(() => rows.nth(1).textContent()).toContain("openai/gpt-5");
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "What they came to" }).press("Enter");
    await page.getByRole("button", { name: "openai/gpt-5", exact: true }).press("Enter");
    await page.getByRole("button", { name: /^letter of letters/ }).waitFor();
    expect(new URL(page.url()).searchParams.get("model")).toBe("openai/gpt-5");
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole("button", { name: "Not only model openai/gpt-5" }).press("Enter");
    await expect.poll(() => rows.count()).toBe(3);
    await page.goBack();
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole("button", { name: "Run", exact: true }).press("Enter");
    await page.getByRole("link", { name: "open" }).press("Enter");
    await page.waitForURL("**/runs/*");
    // One call without a price takes nothing from what is known of the others.
    const facts = page.getByRole("main").locator("dl.run-facts");
    await expect.poll(() => facts.innerText()).toMatch(/\nCost\n\$1\.51 and 1 call of unknown price\n/);
    await expect.poll(() => facts.innerText()).toMatch(/, was \$1\.51 \+ 1 unpriced; /);
    await page.getByRole("link", { name: "All runs" }).press("Enter");
    await page.getByRole("list", { name: "Runs" }).getByText("$1.51 + 1 unpriced").waitFor();
    expect(complaints).toEqual([]);
  },
);

test(
  "SQL reads the calls, and what was sent is let go where somebody says for how long it is kept",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/n/report");
    const { page, complaints } = opened;
    const cell = page.locator('[data-block="spent"]');
    await page.locator("main[data-listens]").waitFor();
    await cell.click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Enter");
    await cell.getByText("openai/gpt-5-mini").waitFor();
    await page.goto(`${workbench.address}/costs`);
    const kept = page.getByLabel("What was sent and answered is kept");
    await kept.selectOption("for 7 days");
    await expect.poll(() => kept.inputValue()).toBe("7");
    await page.reload();
    await expect.poll(() => kept.inputValue()).toBe("7");
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test(
  "figures that cannot be read do not leave those of another question in their place",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/costs?days=0");
    const { page } = opened;
    await page.getByRole("heading", { name: "Where it went" }).waitFor();
    await page.route(/costs\.report/, (route) => route.abort());
    await page.getByRole("button", { name: "7 days" }).click();
    const problem = page.getByRole("alert").filter({ hasText: "the server did not answer" });
    await problem.waitFor();
    expect(await page.getByRole("heading", { name: "Where it went" }).count()).toBe(0);
    await page.unroute(/costs\.report/);
    await problem.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Where it went" }).waitFor();
    expect(await problem.count()).toBe(0);
  },
);

test(
  "embeddings are among the calls, with how much was embedded in place of messages",
  { timeout: 60_000 },
  async () => {
    const body = JSON.stringify({ model: "openai/text-embedding-3-small", input: ["one text", "two"] });
    const answer = await fetch(`${workbench.address}/v1/embeddings`, { method: "POST", body });
    expect(await answer.json()).toMatchObject({ usage: { prompt_tokens: 11 } });
    await using opened = await workbench.open("/costs/calls?model=openai%2Ftext-embedding-3-small");
    const { page, complaints } = opened;
    const rows = page.getByRole("row");
    await expect.poll(() => rows.nth(1).textContent(), { timeout: 20_000 }).toContain("openai/text-embedding-3-small");
    await page.getByRole("link", { name: /\d\d:\d\d:\d\d/ }).press("Enter");
    await page.getByText("Embedding of 2 texts, 11 characters.").waitFor();
    await page.getByText("2 vectors, which the journal does not keep.").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test("days are those of the browser's clock, which goes forward and back", { timeout: 60_000 }, async () => {
  const body = JSON.stringify({ model: "openai/text-embedding-3-small", input: "a text of today" });
  expect((await fetch(`${workbench.address}/v1/embeddings`, { method: "POST", body })).status).toBe(200);
  await using opened = await workbench.open("/");
  const { page, complaints } = opened;
  const zone = "Pacific/Auckland";
  await (await page.context().newCDPSession(page)).send("Emulation.setTimezoneOverride", { timezoneId: zone });
  const asked = page.waitForRequest((request) => request.url().includes("costs.report"));
  await page.goto(`${workbench.address}/costs?days=0&by=day`);
  expect((await asked).postData()).toContain('"changes":[{"at":1743861600000,"ahead":720}');
  const today = new Date().toLocaleDateString("en-CA", { timeZone: zone });
  await expect.poll(() => page.getByRole("row").allTextContents()).toContainEqual(expect.stringContaining(today));
  expect(complaints).toEqual([]);
});

/** A call as the page Models makes one: of no notebook and no run. */
function tryModel(text: string): Promise<Response> {
  return fetch(`${workbench.address}/api/trpc/models.tryCall`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "openai/gpt-5-mini", text }),
  });
}

test("what was called outside notebooks and runs is looked into as any group is", { timeout: 60_000 }, async () => {
  for (const text of ["a letter", "a parcel"]) {
    const tried = await tryModel(text);
    expect(tried.status).toBe(200);
  }
  await using run = sheaf(["run", "notebooks/letters.md", "--yes"], { folder: workbench.folder, deadline: 60_000 });
  await run.ended;
  await using opened = await workbench.open("/costs?by=notebook&chart=calls");
  const { page, complaints } = opened;
  const outside = page.getByRole("row").filter({ hasText: "outside notebooks" });
  const called = await outside.getByRole("cell").nth(1).innerText();
  const calls = page
    .locator("dl.cost-totals div")
    .filter({ hasText: /^calls/ })
    .getByRole("link")
    .first();
  expect(await calls.innerText()).not.toBe(called);
  await outside.getByRole("button").press("Enter");
  const only = page.getByRole("list", { name: "Only calls of" });
  await only.getByRole("button", { name: "Not only notebook outside notebooks" }).waitFor();
  await expect.poll(() => calls.innerText()).toBe(called);
  expect(new URL(page.url()).search).toBe("?chart=calls&notebook=&by=cell");
  await page.getByRole("button", { name: "Run", exact: true }).press("Enter");
  await page.getByRole("button", { name: "no run" }).press("Enter");
  await only.getByRole("button", { name: "Not only run no run" }).waitFor();
  await expect.poll(() => calls.innerText()).toBe("2");
  await calls.press("Enter");
  await expect.poll(() => page.getByRole("row").count()).toBe(3);
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole("link", { name: "What they came to" }).press("Enter");
  await only.getByRole("button", { name: "Not only notebook outside notebooks" }).press("Enter");
  await only.getByRole("button", { name: "Not only run no run" }).press("Enter");
  await expect.poll(async () => Number(await calls.innerText())).toBeGreaterThan(Number(called));
  expect(complaints).toEqual([]);
});

test(
  "groups are headed by what they are put together by, while others are asked for too",
  { timeout: 60_000 },
  async () => {
    const tried = await tryModel("a third letter");
    expect(tried.status).toBe(200);
    await using opened = await workbench.open("/costs?by=model");
    const { page } = opened;
    await page.getByRole("button", { name: "openai/gpt-5-mini" }).waitFor();
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    await page.route(/costs\.report/, async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole("button", { name: "Run", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Run", exact: true, pressed: true }).waitFor();
    const head = page.getByRole("columnheader").first();
    expect(await head.innerText()).toBe("Model");
    expect(await page.getByRole("link", { name: "open" }).count()).toBe(0);
    answer();
    await expect.poll(() => head.innerText()).toBe("Run");
  },
);

test("what calls came to stands in columns where there is room for two", { timeout: 60_000 }, async () => {
  await tryModel("a narrow letter");
  await using opened = await workbench.open("/costs", 390);
  const { page } = opened;
  const terms = page.locator("dl.cost-totals dt");
  await expect.poll(() => terms.count()).toBe(6);
  const lefts = await terms.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  expect(new Set(lefts).size).toBe(2);
});

/** Calls and free answers of six past days, some at a price that nobody knows; gives the days. */
async function callBefore(folder: string): Promise<readonly string[]> {
  const journal = await openJournal({ folder: join(folder, ".sheaf/state"), workspace: "local" });
  const days = Array.from({ length: 6 }, (_, index) => new Date(Date.now() - (index + 1) * 24 * 60 * 60_000));
  const of = { notebook: "notebooks/past.md", run: "past", model: "openai/gpt-5" };
  const call = async (ago: number, dollars: number | null): Promise<void> => {
    const sentAt = days[ago]!.getTime();
    const id = await journal.begin({ ...of, key: crypto.randomUUID(), address: "a", step: 0, request: null, sentAt });
    const price =
      dollars === null ? { source: null } : { source: "workspace" as const, rates: { input: dollars, output: 0 } };
    const usage = { input: 1_000_000, output: 0 };
    await journal.finish(id, { state: "done", endedAt: sentAt + 9, text: "", usage, cost: dollars, price });
  };
  for (const dollars of [2, 0.5, 2.5]) await call(5, dollars);
  for (const dollars of [1, 1.25, null]) await call(4, dollars);
  for (const dollars of [null, null, null, null]) await call(2, dollars);
  await call(0, 0.75);
  const free = { ...of, cell: "a", input: 1, output: 1 };
  await journal.addFree([
    { ...free, at: days[4]!.getTime(), answers: 4, cost: 1, unpriced: 1 },
    { ...free, at: days[2]!.getTime(), answers: 2, cost: 0, unpriced: 2 },
  ]);
  await journal.close();
  const two = (part: number): string => String(part).padStart(2, "0");
  return days.map((day) => `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`);
}

test(
  "days of which not every price is known are marked where they are drawn, named in its words, and marked in the table",
  { timeout: 60_000 },
  async () => {
    const days = await callBefore(workbench.folder);
    await using opened = await workbench.open("/costs?notebook=notebooks%2Fpast.md&by=day");
    const { page, complaints } = opened;
    const marks = page.locator(".chart-box").getByText("?", { exact: true });
    await expect.poll(() => marks.count()).toBe(2);
    expect(await page.getByRole("img", { name: "US dollars day by day" }).getAttribute("aria-label")).toBe(
      `US dollars day by day: 4 days, most as far as prices are known on ${days[5]} ($5.00). Not in it: 1 call of unknown price on ${days[4]}, 4 calls of unknown price on ${days[2]}.`,
    );
    await page.getByText("Drawn: with a ? where calls of unknown price are not in the bar.").waitFor();
    const row = (day: string) => page.getByRole("row").filter({ hasText: day }).getByRole("cell");
    const money = async (day: string) => [await row(day).first().innerText(), await row(day).last().innerText()];
    expect(await money(days[5]!)).toEqual(["$5.00", "–"]);
    expect(await money(days[4]!)).toEqual(["$2.25 + ?", "$1.00 + ?"]);
    expect(await money(days[2]!)).toEqual(["unpriced", "unpriced"]);
    expect(await seriousProblems(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Saved", exact: true }).press("Enter");
    await page.getByText("with a ? where answers of unknown price are not in the bar").waitFor();
    await expect.poll(() => marks.count()).toBe(2);
    await page.getByRole("button", { name: "Calls", exact: true }).press("Enter");
    await expect.poll(() => marks.count()).toBe(0);
    // Tokens and latency are drawn too, and a day opens its calls by its bar and by its link.
    await page.getByRole("button", { name: "Tokens", exact: true }).press("Enter");
    await page.getByRole("img", { name: /^tokens day by day: 4 days, most on / }).waitFor();
    await page.locator(".chart-box .recharts-bar-rectangle path").first().click();
    await page.waitForURL(/\/costs\/calls\?.*day=\d{4}-\d\d-\d\d$/);
    await page.goBack();
    await page.getByRole("button", { name: "Latency", exact: true }).press("Enter");
    await page.getByRole("img", { name: /^seconds day by day: 4 days/ }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    const links = page.getByRole("navigation", { name: "Days" }).getByRole("link");
    expect(await links.count()).toBe(4);
    await links.first().press("Enter");
    await page.waitForURL(new RegExp(`/costs/calls\\?.*day=${days[5]}&order=slowest$`));
    expect(complaints).toEqual([]);
  },
);
