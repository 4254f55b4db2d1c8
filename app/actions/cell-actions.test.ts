import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { blocksOf } from "../notebook/blocks";
import { partTexts } from "../editor/cell-part";
import { slowServer, type NotebookPage } from "../notebook/__fixtures__/notebook-pages";
import type { ActionContext } from "./action-context";
import { cellActions } from "./cell-actions";
import { insertKind } from "./insert-cell";

const text = `---
sheaf: 1
---

Intro text.

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

function contextOf({ view, actions }: NotebookPage, cell: string, anchor: string | null = null) {
  const shown: string[] = [];
  const page = { show: (block: string) => shown.push(block), select() {}, say() {} };
  const selection = { cell, mode: "command", address: null, anchor };
  const context = { view, selection, blocks: blocksOf(view), server: actions, page };
  return { context: context as unknown as ActionContext, shown };
}

/** Presses the key of an action at a block, with those up to an anchor; gives the block that is shown then. */
async function act(id: string, opened: NotebookPage, block: string, anchor?: string): Promise<string | undefined> {
  const { context, shown } = contextOf(opened, block, anchor);
  const done = cellActions.find((action) => action.id === id)!.run(context);
  await vi.advanceTimersByTimeAsync(10_000);
  await done;
  return shown.at(-1);
}

/** Types into prose and leaves it, and goes on so many milliseconds later. */
async function typeAndLeave({ drafts }: NotebookPage, part: string, words: string, after = 50): Promise<void> {
  drafts.type(part, words, partTexts, true);
  drafts.settle(part);
  await vi.advanceTimersByTimeAsync(after);
}

const fence = (name: string): string => `\`\`\`template ${name}\nz\n\`\`\``;

/** Words and names of cells in their order. */
const order = (words: string): readonly string[] =>
  words.match(/[A-Z][\w ]+\.|(?<=template )\w+/g)!.map((found) => found.trim());

describe("text between cells", () => {
  test("that was just typed is moved with what was typed", async () => {
    const server = slowServer(text);
    const opened = server.open();
    await typeAndLeave(opened, "prose:a", "Second text. And a new sentence.");
    expect(await act("cell.move-up", opened, "prose:a")).toBe("prose:");
    expect(order(server.text)).toEqual(["Intro text.", "Second text.", "And a new sentence.", "a", "b", "Third text."]);
    expect(opened.said).toEqual([]);
  });

  test("is deleted where it is by now, when another page put text and a cell above it", async () => {
    const server = slowServer(text);
    const opened = server.open();
    server.edit({ type: "insert", at: { startOf: null }, text: `Another note.\n\n${fence("z")}\n` });
    await act("cell.remove", opened, "prose:b");
    expect(order(server.text)).toEqual(["Another note.", "z", "Intro text.", "a", "Second text.", "b"]);
    expect(opened.said).toEqual([]);
  });

  test("is found by its words, when another page put a cell between it and the one above", async () => {
    const server = slowServer(text);
    const opened = server.open();
    server.edit({ type: "insert", at: { after: "b" }, text: `Another note.\n\n${fence("z")}\n` });
    await act("cell.remove", opened, "prose:b");
    expect(order(server.text)).toEqual(["Intro text.", "a", "Second text.", "b", "Another note.", "z"]);
  });

  test("is deleted itself, when text that was just left brought a cell above it", async () => {
    const server = slowServer(text);
    const opened = server.open();
    await typeAndLeave(opened, "prose:a", `Second text.\n\n${fence("n")}\n\nMore words.`);
    await act("cell.remove", opened, "prose:b");
    expect(order(server.text)).toEqual(["Intro text.", "a", "Second text.", "n", "More words.", "b"]);
  });

  test("that another page changed meanwhile is not deleted unseen", async () => {
    const server = slowServer(text);
    const opened = server.open();
    server.onEdit = () => {
      server.onEdit = () => {};
      server.edit({ type: "set-prose", segment: 5, text: "\nThird text, and more.\n" });
    };
    await act("cell.remove", opened, "prose:b");
    expect(server.text).toContain("and more.");
    expect(opened.said).toEqual(["the notebook was changed meanwhile"]);
  });

  test("is put beside what was just typed", async () => {
    const server = slowServer(text);
    const opened = server.open();
    await typeAndLeave(opened, "prose:b", "Third text. And a new sentence.");
    const done = insertKind(contextOf(opened, "prose:b").context, "text", 5);
    await vi.advanceTimersByTimeAsync(10_000);
    await done;
    expect(server.text).toMatch(/Third text. And a new sentence.\n\nText\n/);
    expect(opened.said).toEqual([]);
  });
});

test("several blocks are moved together, also when another page changed the notebook meanwhile", async () => {
  const server = slowServer(text);
  const opened = server.open();
  server.edit({ type: "insert", at: { startOf: null }, text: `Another note.\n\n${fence("z")}\n` });
  await act("cell.move-up", opened, "prose:b", "b");
  expect(order(server.text)).toEqual(["Another note.", "z", "Intro text.", "a", "b", "Third text.", "Second text."]);
});

test("a text whose key is pressed twice at once is moved twice", async () => {
  const server = slowServer(`---\nsheaf: 1\n---\n\n${fence("a")}\n\n${fence("b")}\n\nThird text.\n`);
  const opened = server.open();
  await Promise.all([act("cell.move-up", opened, "prose:b"), act("cell.move-up", opened, "prose:b")]);
  expect(order(server.text)).toEqual(["Third text.", "a", "b"]);
  expect(opened.said).toEqual([]);
});
