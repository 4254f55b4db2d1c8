import { writeFile } from "node:fs/promises";
import { join } from "node:path";
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

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({
    echo: notebook("Echo"),
    other: notebook("Other").replace("You said", "They said"),
  });
}, 60_000);

afterAll(() => workbench[Symbol.asyncDispose]());

const ask = async (target: string, message: string): Promise<unknown> => {
  // As `curl -d` sends it: its type says it is a form.
  const response = await fetch(`${workbench.address}/api/run/${target}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: JSON.stringify({ inputs: { message } }),
  });
  return ((await response.json()) as { outputs: { answer: unknown } }).outputs.answer;
};

describe("a notebook", { timeout: 60_000 }, () => {
  test("is published, answers by that version while the draft is edited, and is rolled back", async () => {
    await using opened = await workbench.open("/n/echo");
    const { page, complaints } = opened;
    const publish = async (note: string): Promise<void> => {
      await page.getByRole("button", { name: "Publish", exact: true }).click();
      await page.getByLabel(/^Note:/).fill(note);
      const act = page.getByRole("button", { name: /^Publish/ }).last();
      await expect.poll(() => act.isEnabled()).toBe(true);
      await act.click();
      await page.waitForURL("**/published/echo");
    };
    await publish("The first");
    expect(await ask("echo", "hi")).toBe("You said hi.");
    await writeFile(
      join(workbench.folder, "notebooks", "echo.md"),
      notebook("Echo").replace("You said", "Now you said"),
    );
    expect(await ask("echo", "hi")).toBe("You said hi.");
    await page.getByRole("button", { name: "Ask it" }).click();
    await page.getByLabel("Answer").getByText("You said hello.").waitFor();
    await page.getByRole("link", { name: "notebooks/echo.md" }).click();
    await page.getByText("Now you said").first().waitFor();
    await publish("Another wording");
    await expect.poll(() => ask("echo", "hi")).toBe("Now you said hi.");
    await page.getByRole("button", { name: "Roll back …" }).click();
    await page.getByRole("button", { name: "Make v1 live" }).click();
    await expect.poll(() => ask("echo", "hi")).toBe("You said hi.");
    expect(await ask("echo@v2", "hi")).toBe("Now you said hi.");
    await page.reload();
    await page.getByRole("button", { name: "Make a dataset of all requests" }).click();
    await page.waitForURL("**/datasets?file=echo-requests.jsonl");
    await page.getByRole("columnheader", { name: "message string" }).waitFor();
    await page.getByRole("cell", { name: "Now you said hi." }).first().waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "echo" }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("keeps what was tried of it when its page cannot be read again", async () => {
    await using opened = await workbench.open("/published/echo");
    const { page } = opened;
    await page.getByLabel("message").fill("a long question");
    await page.route(/published\.get/, (route) => route.abort());
    await page.getByRole("button", { name: "Ask it" }).click();
    await page.getByRole("alert").filter({ hasText: "the server did not answer" }).waitFor();
    await page.getByLabel("Answer").getByText("You said a long question.").waitFor();
    expect(await page.getByLabel("message").inputValue()).toBe("a long question");
  });
});

describe("a run", { timeout: 60_000 }, () => {
  test("is listed with what it cost, and opened with its results and the text it ran", async () => {
    await using opened = await workbench.open("/n/other");
    const { page, complaints } = opened;
    await page.getByRole("button", { name: "Run stale" }).click();
    await page.getByText("They said hello.").first().waitFor();
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    const row = page.getByRole("list", { name: "Runs" }).getByRole("listitem").filter({ hasText: "other.md" });
    await row.getByText("done").waitFor();
    expect(await row.textContent()).toContain("1 called, 0 from cache");
    await row.getByRole("link").click();
    await page.getByRole("cell", { name: "answer", exact: true }).waitFor();
    await page.getByText("Show 14 lines").click();
    await page.getByText("title: Other").waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("the models", { timeout: 60_000 }, () => {
  test("are tried with a call that shows the answer, the time and the tokens", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    await page.getByRole("combobox", { name: "Model" }).fill("echo/text");
    await page.getByLabel("Text", { exact: true }).fill("A word");
    await page.getByRole("button", { name: "Call it" }).click();
    await page.getByText(/tokens in, .* out/).waitFor();
    await page.getByRole("tab", { name: "Ollama" }).click();
    await page.getByText("ollama pull").waitFor();
    expect(complaints).toEqual([]);
  });

  test("of a provider have their key entered, by keys alone, and it is never shown again", async () => {
    await using opened = await workbench.open("/models");
    const { page, complaints } = opened;
    const groq = page.getByRole("listitem").filter({ hasText: "GROQ_API_KEY" });
    await groq.getByText("no key yet").waitFor();
    await groq.getByRole("button", { name: "Enter a key of groq" }).press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.type")).toBe("password");
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.type("gsk-secret");
    await page.keyboard.press("Enter");
    await groq.getByText("entered here").waitFor();
    const change = groq.getByRole("button", { name: "Change the key of groq" });
    await expect.poll(() => change.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    const field = groq.getByLabel("Key of groq", { exact: true });
    await field.waitFor();
    expect(await field.inputValue()).toBe("");
    expect(await page.content()).not.toContain("gsk-secret");
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await groq.getByRole("button", { name: "Take it away" }).press("Enter");
    await groq.getByText("no key yet").waitFor();
    expect(complaints).toEqual([]);
  });

  test("whose terms are to be agreed to show them in place", async () => {
    await using opened = await workbench.open("/models");
    const { page } = opened;
    const gemma = page.getByRole("listitem").filter({ hasText: "local/gemma-3-270m" });
    await gemma.getByText("waits for your consent").waitFor();
    await gemma.getByRole("button", { name: "Read the terms" }).click();
    await gemma.getByText("Prohibited Use Policy").waitFor();
    await gemma.getByRole("button", { name: /I agree, fetch/ }).waitFor();
  });
});

test(
  "who comes for the first time to a workspace of one notebook is shown it, and later the list",
  { timeout: 60_000 },
  async () => {
    await using fresh = await openWorkbench({ echo: notebook("Echo") });
    await using opened = await fresh.open("/");
    const { page } = opened;
    await page.waitForURL("**/n/echo");
    await page.getByRole("link", { name: "Notebooks", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Notebooks" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  },
);
