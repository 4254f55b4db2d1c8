import { mkdir } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { servedWorkspace, type ServedWorkspace } from "../helpers/serving.ts";
import { complaintsOf, openBrowser } from "./open-browser.ts";
import { seriousProblems } from "./open-workbench.ts";

/** Every state a cell can be in, without a model that has to be fetched. */
const states = `---
sheaf: 1
title: States
inputs:
  name: { type: string, default: Ada }
  topic: { type: choice, options: [cards, rates] , default: cards }
  required: string
---

# States

What each state looks like.

\`\`\`template fine
Hello {{ name }}
\`\`\`

\`\`\`template wrong
{{ nobody }}
\`\`\`

\`\`\`template after
{{ wrong }}
\`\`\`

\`\`\`template skipped
---
when: =false
---
never
\`\`\`

\`\`\`template needs
{{ required }}
\`\`\`

\`\`\`prompt answer
---
vary: { tone: [formal, plain] }
model: echo/text
---
system:
You answer.

user:
Answer {{ name }} in a {{ vary.tone }} tone.
\`\`\`

\`\`\`data people
name,age
Ada,36
Grace,85
\`\`\`

\`\`\`chart ages
data: people
type: bar
x: name
y: age
\`\`\`

\`\`\`js object
return { name, nested: { list: [1, 2, 3], text: "a" } };
\`\`\`

\`\`\`test gate
fine == "Hello Ada"
fine == "Hello Bob"
\`\`\`

\`\`\`\`sheet greetings
---
rows: people
with: { name: =row.name }
columns: [fine, answer]
---
\`\`\`score short
---
output: =fine
expected: =row.name
---
- contains
\`\`\`
\`\`\`\`
`;

const pages = [
  { name: "home", path: "/" },
  { name: "notebook", path: "/n/states" },
  { name: "sheet", path: "/n/states?sheet=greetings" },
  { name: "datasets", path: "/datasets" },
  { name: "runs", path: "/runs" },
  { name: "costs", path: "/costs" },
  { name: "published", path: "/published" },
  { name: "models", path: "/models" },
  { name: "nowhere", path: "/there/is/no/such/page" },
];

let served: ServedWorkspace;
let browser: Browser;
const sizes = [
  [1280, 900],
  [1920, 1080],
] as const;

beforeAll(async () => {
  served = await servedWorkspace({ states }, { "people.csv": "name,age\nAda,36\nGrace,85\n" });
  browser = await openBrowser();
  await mkdir("test-results/screens", { recursive: true });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
});

describe("every page, in light and dark, at 1280 and 1920", { timeout: 60_000 }, () => {
  test.for(pages)(
    "$name shows without an error or failed request, and axe finds nothing serious",
    async ({ name, path }) => {
      // The page's policy lets no script in from outside, axe neither.
      const context = await browser.newContext({ bypassCSP: true, reducedMotion: "reduce" });
      // On a first visit with one notebook the way leads there.
      await context.addInitScript(() => localStorage.setItem("visited", "yes"));
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.goto(served.address + path);
      await page.waitForLoadState("networkidle");
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height });
          await page.waitForTimeout(300);
          await page.screenshot({ path: `test-results/screens/${name}-${colorScheme}-${width}.png` });
        }
        expect(await seriousProblems(page)).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});
