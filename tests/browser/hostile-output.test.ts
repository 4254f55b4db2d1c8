import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type OpenedPage, type Workbench } from "./open-workbench.ts";

const elsewhere = "http://127.0.0.1:9/leak";

/** What a model may answer that means ill. */
const answers: readonly string[] = [
  "<script>window.harmed = 1</script> a script",
  '<svg onload="window.harmed = 2"><script>window.harmed = 3</script></svg> a picture',
  `<img src=x onerror="window.harmed = 4"><img src="${elsewhere}/tag.png"> pictures`,
  "[a link](javascript:window.harmed=5) and [another](JaVaScRiPt:window.harmed=6) and [data](data:text/html,<script>window.harmed=7</script>)",
  `![a picture](${elsewhere}/markdown.png?secret=1) and ![one of data](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)`,
  `# A title\n\n<iframe src="${elsewhere}"></iframe><object data="${elsewhere}"></object><link rel=stylesheet href="${elsewhere}/a.css"><style>body{display:none}</style>`,
  `<form action="${elsewhere}"><input name=q autofocus onfocus="window.harmed=8"><button>Send</button></form>`,
  "\u001b[31mred\u001b[0m \u001b]8;;http://evil.example\u0007a link\u001b]8;;\u0007 \u202egnp.exe",
  `<math><mtext><table><mglyph><style><img src=x onerror="window.harmed=9">`,
  `{"html": "<img src=x onerror='window.harmed=10'>", "url": "javascript:window.harmed=11"}`,
  `data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5oYXJtZWQ9MTIiLz4=`,
];

const fence = (info: string, ...lines: string[]): string => ["````" + info, ...lines, "````"].join("\n");
const rows = answers.map((text, id) => JSON.stringify({ id: id + 1, text })).join("\n");
const notebook = [
  `---\nsheaf: 1\ntitle: Hostile\ninputs:\n  text: { type: string, default: ${JSON.stringify(answers[5])} }\noutputs: [published]\n---`,
  `Prose that came with the notebook: <img src=x onerror="window.harmed=20"> ![leak](${elsewhere}/prose.png) [go](javascript:window.harmed=21)`,
  fence("data nasty", "---", "key: id", "format: jsonl", "---", rows),
  ...answers.map((answer, index) =>
    fence(`prompt answer${index + 1}`, "---", "model: echo/text", "---", `{% raw %}${answer}{% endraw %}`),
  ),
  fence("prompt published", "---", "model: echo/text", "---", "{{ text }}"),
  "`````sheet all_of_them\n---\nrows: nasty\n---\n" +
    fence("prompt said", "---", "model: echo/text", "---", "{{ row.text }}") +
    "\n`````",
].join("\n\n");

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ hostile: notebook });
}, 60_000);
afterAll(() => workbench[Symbol.asyncDispose]());

/** A page that notes every request that leaves the server's address, every dialog and every window. */
async function watched(path: string): Promise<OpenedPage & { readonly seen: readonly string[] }> {
  const opened = await workbench.open("/models");
  const seen: string[] = [];
  opened.page.on("request", (request) => {
    if (!request.url().startsWith(workbench.address) && !request.url().startsWith("data:image/png"))
      seen.push(request.url());
  });
  opened.page.on("dialog", (dialog) => {
    seen.push(dialog.message());
    void dialog.dismiss();
  });
  opened.page.context().on("page", (page) => seen.push(`window ${page.url()}`));
  await opened.page.goto(workbench.address + path);
  return { ...opened, seen };
}

const harm = ({ page }: OpenedPage): Promise<unknown> =>
  page.evaluate(`(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    return {
      harmed: window.harmed ?? null,
      elements: all("main :is(script, iframe, object, embed, form:not(.inputs, .try-it), base, link, style, svg [onload])").map((one) => one.outerHTML),
      handlers: all("*").flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith("on"))),
      links: all("a[href]").map((one) => one.getAttribute("href")).filter((href) => !/^(?:https?:|\\/|#)/.test(href)),
      pictures: all("img").map((one) => one.src).filter((src) => src !== "" && !src.startsWith("data:image/png")),
    };
  })()`);
const none = { harmed: null, elements: [], handlers: [], links: [], pictures: [] };

test(
  "what a model answers is text wherever it is shown, and nothing of it reaches the network",
  { timeout: 120_000 },
  async () => {
    await using opened = await watched("/n/hostile");
    const { page, seen } = opened;
    await page.getByText("Prose that came with").waitFor();
    await page.getByRole("button", { name: /^Run stale/ }).click();
    for (const index of answers.keys()) {
      const block = page.locator(`[data-block="answer${index + 1}"]`);
      await block.scrollIntoViewIfNeeded();
      await block.locator(".result[data-type]").waitFor({ timeout: 30_000 });
      // Rendered, raw, as a tree: in every form there is.
      for (const form of await block.locator(".form-switch button, [role=radio]").all()) await form.press("Enter");
    }
    expect(await harm(opened)).toEqual(none);

    await page.locator('[data-block="answer6"] .result').click();
    await page.getByRole("complementary", { name: "Inspector" }).waitFor();
    expect(await harm(opened)).toEqual(none);

    await page.goto(`${workbench.address}/n/hostile?sheet=all_of_them`);
    await expect
      .poll(() => page.locator(".sheet-cell").filter({ hasText: "a script" }).count(), { timeout: 30_000 })
      .toBeGreaterThan(1);
    expect(await harm(opened)).toEqual(none);
    await page.locator(".sheet-cell").filter({ hasText: "A title" }).last().click();
    await page.keyboard.press("Space");
    await page.waitForTimeout(500);
    expect(await harm(opened)).toEqual(none);

    const published = await fetch(`${workbench.address}/api/trpc/published.publish`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path: "notebooks/hostile.md", slug: "hostile" }),
    });
    expect(published.status, await published.clone().text()).toBe(200);
    await page.goto(`${workbench.address}/published/hostile`);
    await page.getByRole("button", { name: "Ask it" }).click();
    await page.getByLabel("Answer").getByText("A title").waitFor();
    expect(await harm(opened)).toEqual(none);
    expect(seen).toEqual([]);
  },
);
