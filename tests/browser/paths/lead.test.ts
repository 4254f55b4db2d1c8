import { readFile } from "node:fs/promises";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../../helpers/model-server.ts";
import { servedWorkspace, type ServedWorkspace } from "../../helpers/serving.ts";
import { sheaf } from "../../helpers/sheaf.ts";
import { openBrowser } from "../open-browser.ts";
import { sheetOnPage } from "../sheet-on-page.ts";
import { patience, walk, type Walk } from "./walk.ts";

// What a lead asks: is the cheaper model as good? How many rows, what difference, how sure, at what cost.

const notebook = `---
sheaf: 1
title: Which model
inputs:
  message: { type: string, default: "Where is my card?" }
outputs: [topic]
models:
  cheap: openai/gpt-4.1-nano
  dear: openai/gpt-4.1
choose: { model: dear }
---

# Is the cheaper model as good?

\`\`\`prompt topic
---
models: [cheap, dear]
temperature: 0
max_tokens: 10
---
Topic of: {{ message }}
\`\`\`

\`\`\`sql tickets
select i as id, 'message ' || i as message, case when i % 2 = 0 then 'card' else 'money' end as topic_known
from range(120) t(i)
\`\`\`

\`\`\`\`sheet trial
---
rows: tickets
key: id
with: { message: =row.message }
columns: [topic]
---
\`\`\`score correct
---
output: =topic
expected: =row.topic_known
---
- equals
\`\`\`
\`\`\`\`

\`\`\`sql bill
select model, count(*) as n, avg(score) as accuracy from trial.correct group by all order by model
\`\`\`

\`\`\`sql cost
select model, sum(meta.cost) as cost from trial.topic group by all order by model
\`\`\`

\`\`\`test gate
mean(trial.correct.at(model="dear")) >= 0.9
paired(trial.correct.at(model="cheap"), trial.correct.at(model="dear")).high >= 0
\`\`\`
`;

let models: ModelServer;
let served: ServedWorkspace;
let browser: Browser;
let person: Walk;
let environment: { readonly [name: string]: string };

beforeAll(async () => {
  models = await startModelServer(({ body }) => {
    const id = Number(/message (\d+)/.exec(String(body.messages.at(-1)?.content))?.[1] ?? 0);
    const right = id % 2 === 0 ? "card" : "money";
    // The cheaper one is wrong once in ten, the dearer one once in forty, on other rows.
    const isWrong = body.model.endsWith("nano") ? id % 10 === 3 : id % 40 === 5;
    return { text: isWrong ? "other" : right, usage: { prompt: 200, completion: 2 } };
  });
  environment = { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" };
  served = await servedWorkspace({ which: notebook }, {}, undefined, environment);
  browser = await openBrowser();
  person = await walk(browser, "lead", `${served.address}/n/which`);
  await person.page.waitForSelector("[data-listens]");
}, 90_000);

afterAll(async () => {
  await person?.[Symbol.asyncDispose]();
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
  await models?.[Symbol.asyncDispose]();
});

const block = (name: string): Locator => person.page.locator(`[data-block="${name}"]`);

test("the screen says n, the difference, its interval and what it cost", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  await press("Control+Shift+Enter");
  await block("gate").locator(".test-line").first().waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Stop", exact: true }).count(), { timeout: 90_000 }).toBe(0);
  expect(models.requests()).toHaveLength(242);
  await expect.poll(() => block("gate").innerText()).toMatch(/0\.975 \(n 120 of 120/);
  await press("Shift+g");
  await picture("gate");
  await page.getByRole("link", { name: "trial over the whole page" }).focus();
  await press("Enter");
  const words = page.locator(".sheet-comparison-words");
  await expect
    .poll(() => words.innerText())
    .toMatch(/on 120 of 120 rows: [+−]7\.5 points \([+−][\d.]+ to [+−][\d.]+\)/);
  await expect
    .poll(() => page.locator(".sheet-scores").innerText())
    .toBe("correct cheap 90.0 % (83.3–94.2) n 120\ncorrect dear 97.5 % (92.9–99.1) n 120");
  await picture("compared");
  // As exactly as that, and never without it: n, difference, interval, p.
  expect(await words.innerText()).toBe(
    "dear is above cheap on 120 of 120 rows: +7.5 points (+1.2 to +13.8), exact McNemar p = 0.035.",
  );
  // 121 calls of each, 200 tokens in and 2 out: at $0.1 and $0.4, and at $2 and $8 a million.
  expect(await page.locator(".top-money").innerText()).toMatch(/^\$0\.053 this run/);
});

test("the figures leave as a file, and the command line says the same", { timeout: patience }, async () => {
  const { page, press, picture } = person;
  const sheet = sheetOnPage(page);
  await sheet.grid().waitFor();
  await page.getByRole("button", { name: "Export these rows" }).focus();
  await press("Enter");
  await page.getByRole("menuitem", { name: "CSV" }).waitFor();
  await picture("export");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).press("Enter"),
  ]);
  const csv = await readFile(await download.path(), "utf8");
  const lines = csv.trim().split("\n");
  expect(lines).toHaveLength(121);
  expect(lines[4]).toMatch(/^3,message 3,money,other,money,/);
  await using run = sheaf(["test", "notebooks/which.md", "--json"], { folder: served.folder, environment });
  const { code, stdout, stderr } = await run.ended;
  expect(code).toBe(1);
  const { tests } = JSON.parse(stdout) as { tests: { lines: { sides: string[]; verdict: string }[] }[] };
  expect(tests[0]!.lines).toMatchObject([
    { verdict: "pass", sides: ["0.975 (n 120 of 120, over 120 rows of trial)", "0.9"] },
    { verdict: "fail", sides: ["-0.01229 (n 120 of 120, over 120 rows of trial)", "0"] },
  ]);
  expect(stderr).toContain("0 calls, $0");
  expect(models.requests()).toHaveLength(242);
  expect(person.complaints).toEqual([]);
});
