import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { slowServer } from "../notebook/__fixtures__/notebook-pages";
import { partTexts } from "./cell-part";

const text = `---
sheaf: 1
---

\`\`\`template a
x
\`\`\`

Second text.

\`\`\`template b
y
\`\`\`

Third text.
`;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (milliseconds = 10_000) => vi.advanceTimersByTimeAsync(milliseconds);

describe("a text whose place is gone", () => {
  test("is kept when one leaves the page and comes back, until one says so", async () => {
    const server = slowServer(text);
    const first = server.open();
    first.drafts.type("a", "my long text", partTexts);
    server.edit({ type: "remove", cell: "a" });
    await pass();
    first.leave();
    const again = server.open();
    expect(again.drafts.lost()).toEqual([{ cell: "a", text: "my long text" }]);
    expect(again.drafts.unsaved()).toBe(true);
    again.drafts.dismiss(again.drafts.lost()[0]!);
    again.leave();
    expect(server.open().drafts.lost()).toEqual([]);
  });
});

describe("what was typed on a page that was left", () => {
  test("is sent from there while nobody comes back", async () => {
    const server = slowServer(text);
    server.isAway = true;
    const first = server.open();
    first.drafts.type("a", "x and more", partTexts);
    await pass(200);
    first.leave();
    server.isAway = false;
    await pass();
    expect(server.text).toContain("x and more");
  });

  test("is not sent again when it was taken back on the page since", async () => {
    const server = slowServer(text);
    server.isAway = true;
    const first = server.open();
    first.drafts.type("a", "x unwanted", partTexts);
    await pass(200);
    first.leave();
    const again = server.open();
    again.drafts.type("a", "x", partTexts);
    await pass(100);
    const taken: unknown[] = [];
    server.onEdit = ({ operations }) => taken.push(...operations);
    server.isAway = false;
    await pass();
    expect([taken, server.text]).toEqual([[], text]);
  });
});

test("prose that is typed in while another page puts text above it is sent to where it is then", async () => {
  const server = slowServer(text);
  const { drafts } = server.open();
  drafts.type("prose:b", "Third text. More", partTexts);
  await pass(200);
  server.edit({ type: "insert", at: { startOf: null }, text: "First text.\n\n```template z\n```\n" });
  await pass();
  expect(server.text).toContain("\nThird text. More\n");
  expect([drafts.unsaved(), drafts.stuck()]).toEqual([false, false]);
});
