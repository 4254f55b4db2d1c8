import type { Page, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startModelServer, type ModelServer } from "../helpers/model-server.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";

const notebook = [
  "---\nsheaf: 1\ntitle: Wire\nmodels: { first: openai/nobody-knows-first }\n---",
  "```template one\nHello\n```",
  "```prompt wish\n---\nmodel: first\n---\nI want a boat.\n```",
  "",
].join("\n\n");

let models: ModelServer;
let workbench: Workbench;
beforeAll(async () => {
  models = await startModelServer(({ body, text }) =>
    text.includes("Slowly")
      ? { text: ["Half of", " it."], hang: "after-part" }
      : { text: `Yes, ${body.messages.at(-1)!.content}` },
  );
  workbench = await openWorkbench({ wire: notebook }, { OPENAI_BASE_URL: models.baseUrl, OPENAI_API_KEY: "test" });
}, 60_000);
afterAll(async () => {
  await workbench[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

/** What a page sends to the server. */
interface Sent {
  readonly id: number;
  readonly params?: { readonly path: string };
}

/** The page's connections to the server, each of which can be broken; what `answered` says true of does not get there. */
async function wires(page: Page, answered: (sent: Sent, wire: WebSocketRoute) => boolean = () => false) {
  const open: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/api\/trpc/, (wire) => {
    open.push(wire);
    const server = wire.connectToServer();
    wire.onMessage((message) => {
      const text = String(message);
      if (!/^[[{]/.test(text)) return server.send(message);
      // What waited for a connection comes together.
      const rest = [JSON.parse(text) as Sent | readonly Sent[]].flat().filter((sent) => !answered(sent, wire));
      if (rest.length > 0) server.send(JSON.stringify(rest));
    });
  });
  return { break: () => Promise.all(open.splice(0).map((wire) => wire.close())) };
}
const status = (page: Page) => page.locator(".top-bar .top-note[role=status]");

test("a page whose connection broke says so, and is up to date again when it is back, though nothing was new", async () => {
  await using opened = await workbench.open("/");
  const { page } = opened;
  const connection = await wires(page);
  await page.goto(`${workbench.address}/n/wire`);
  await expect.poll(() => status(page).textContent()).toBe("saved");
  await connection.break();
  await expect.poll(() => status(page).textContent()).toMatch(/reconnecting/);
  await expect.poll(() => status(page).textContent(), { timeout: 15_000 }).toBe("saved");
});

test(
  "where the server cannot give the notebook for a while the page says why, and goes on by itself",
  { timeout: 60_000 },
  async () => {
    await using opened = await workbench.open("/");
    const { page } = opened;
    let refuse = false;
    const connection = await wires(page, ({ id, params }, wire) => {
      if (!refuse || params?.path !== "notebook.watch") return false;
      const data = { code: "NOT_FOUND", httpStatus: 404, path: "notebook.watch" };
      wire.send(JSON.stringify({ id, error: { message: "there is no notebook", code: -32_004, data } }));
      return true;
    });
    await page.goto(`${workbench.address}/n/wire`);
    await expect.poll(() => status(page).textContent()).toBe("saved");
    refuse = true;
    await connection.break();
    const bar = page.getByRole("alert").filter({ hasText: "there is no notebook" });
    await bar.waitFor();
    expect(await page.locator('[data-block="one"]').count()).toBe(1);
    refuse = false;
    await bar.waitFor({ state: "detached" });
    await expect.poll(() => status(page).textContent()).toBe("saved");
  },
);

test("an answer whose connection broke is stopped, and its call is not made again", async () => {
  await using opened = await workbench.open("/");
  const { page } = opened;
  const connection = await wires(page);
  await page.goto(`${workbench.address}/n/wire?compare=wish`);
  await page.locator("main[data-listens]").waitFor();
  await page.getByRole("button", { name: /Ask all/ }).click();
  await page.getByRole("group", { name: "Run comparing wish?" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator(".compare-column").getByText("Yes, I want a boat.").waitFor();
  const box = page.getByLabel("Go on with each of them");
  await box.fill("Slowly");
  await box.press("Enter");
  await page.getByRole("button", { name: "Say it" }).click();
  const thread = page.getByRole("list", { name: "Conversation" });
  await thread.getByText("Half of").waitFor();
  const asked = models.requests().length;
  await connection.break();
  await thread.getByText("partial Stopped. What you say next takes the place of what you said.").waitFor();
  await models.until((server) => server.inFlight().length === 0);
  // The connection is there again, and nothing was asked over it.
  await page.getByLabel("Go on with each of them").fill("More");
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(models.requests()).toHaveLength(asked);
});
