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

describe("prose that is typed in", () => {
  const cell = "```template n\nz\n```\n";

  test("is sent to where it is, when another page puts text above it", async () => {
    const server = slowServer(text);
    const { drafts } = server.open();
    drafts.type("prose:b", "Third text. More", partTexts);
    await pass(200);
    server.edit({ type: "insert", at: { startOf: null }, text: `First text.\n\n${cell}` });
    await pass();
    expect(server.text).toContain("\nThird text. More\n");
    expect([drafts.unsaved(), drafts.stuck()]).toEqual([false, false]);
  });

  test.each([
    ["before it is sent", 0],
    ["while it is on its way", 200],
  ])("goes along when another page puts a cell right above it %s", async (_, after) => {
    const server = slowServer(text);
    const { drafts, moves } = server.open();
    drafts.type("prose:a", "Second text. More", partTexts);
    await pass(after);
    server.edit({ type: "insert", at: { after: "a" }, text: cell });
    await pass();
    expect(moves).toEqual([["prose:a", "prose:n"]]);
    expect(server.text.match(/Second text.*/g)).toEqual(["Second text. More"]);
    expect(drafts.of("prose:n")).toMatchObject({ text: "Second text. More", base: "Second text. More" });
    expect([drafts.of("prose:a"), drafts.unsaved(), drafts.stuck()]).toEqual([undefined, false, false]);
  });

  test("goes along when that happens while one is on another page", async () => {
    const server = slowServer(text);
    server.isAway = true;
    const first = server.open();
    first.drafts.type("prose:a", "Second text. More", partTexts);
    await pass(200);
    first.leave();
    server.edit({ type: "insert", at: { after: "a" }, text: cell });
    server.isAway = false;
    const { drafts } = server.open();
    await pass();
    expect(server.text.match(/Second text.*/g)).toEqual(["Second text. More"]);
    expect([drafts.unsaved(), drafts.stuck()]).toEqual([false, false]);
  });

  test("goes along when another page takes the cell above it out", async () => {
    const server = slowServer(text);
    const { drafts } = server.open();
    drafts.type("prose:a", "Second text. More", partTexts);
    server.edit({ type: "remove", cell: "a" });
    await pass();
    expect(server.text.match(/Second text.*/g)).toEqual(["Second text. More"]);
    expect([drafts.lost(), drafts.unsaved()]).toEqual([[], false]);
  });

  test("stays where it is when another page changes it, and another text has the same words", async () => {
    const server = slowServer(text.replace("Third", "Second"));
    const { drafts, moves } = server.open();
    drafts.type("prose:a", "Second text. More", partTexts);
    server.edit({ type: "set-prose", segment: 3, text: "\nTheir text.\n" });
    await pass();
    expect(moves).toEqual([]);
    expect(drafts.of("prose:a")).toMatchObject({ text: "Second text. More", theirs: "Their text." });
  });

  test("stays where it is when what was typed put a cell above its words, and the answer got lost", async () => {
    const server = slowServer(text);
    const { drafts, moves } = server.open();
    drafts.type("prose:a", `Now.\n\n${cell}\nSecond text.`, partTexts);
    await pass(220);
    expect(server.text).toContain("Now.");
    server.isAway = true;
    await pass(200);
    server.isAway = false;
    server.edit({ type: "set-source", cell: "b", source: "y, too" });
    await pass();
    expect(moves).toEqual([]);
    expect(server.text.match(/Now\./g)).toHaveLength(1);
    expect(drafts.of("prose:a")).toMatchObject({ theirs: "Now." });
  });

  test("stays where it is when what is typed puts a cell above the words it had", async () => {
    const server = slowServer(text);
    const { drafts, moves } = server.open();
    drafts.type("prose:a", `Now.\n\n${cell}\nSecond text.`, partTexts);
    await pass();
    expect(moves).toEqual([]);
    expect(drafts.of("prose:a")).toMatchObject({ text: "Now.", base: "Now.", theirs: null });
  });
});
