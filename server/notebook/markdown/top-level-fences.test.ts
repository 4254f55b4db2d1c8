import fc from "fast-check";
import { Parser } from "commonmark";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { markdown } from "../test-notebooks.ts";
import { linesOf } from "../text-lines.ts";
import { topLevelFences } from "./top-level-fences.ts";

/** Lines of fences as `open-close`, counted from 1; an unclosed one as `open`. */
function ours(text: string): string[] {
  return topLevelFences(text, linesOf(text)).map(({ open, close }) =>
    close === null ? `${open + 1}` : `${open + 1}-${close + 1}`,
  );
}

function byCommonmark(text: string): string[] {
  const found: string[] = [];
  for (let node = new Parser().parse(text).firstChild; node !== null; node = node.next) {
    if (node.type === "code_block" && node.info !== null) found.push(`${node.sourcepos[0][0]}-${node.sourcepos[1][0]}`);
  }
  return found;
}

function byMicromark(text: string): string[] {
  return fromMarkdown(text).children.flatMap(({ type, position }) =>
    type === "code" && /^ {0,3}[`~]/.test(text.slice(position!.start.offset))
      ? [`${position!.start.line}-${position!.end.line}`]
      : [],
  );
}

/** Parsers disagree on where an unclosed fence ends (it has no end), so only its beginning is compared. */
function comparable(fences: readonly string[], text: string): string[] {
  const last = topLevelFences(text, linesOf(text)).at(-1);
  return fences.map((fence, index) =>
    last?.close === null && index === fences.length - 1 ? fence.split("-")[0]! : fence,
  );
}

describe("top-level fences", () => {
  test("are those the reference parser of CommonMark finds, on any text", () => {
    let [texts, open] = [0, 0];
    fc.assert(
      fc.property(markdown, (text) => {
        texts += 1;
        const expected = comparable(byCommonmark(text), text);
        open += expected.length;
        expect(ours(text)).toEqual(expected);
      }),
      { numRuns: 10_000 },
    );
    expect(open / texts).toBeGreaterThan(0.2);
  });

  test("are those micromark finds, wherever the two parsers agree", () => {
    let [texts, agreed] = [0, 0];
    fc.assert(
      fc.property(markdown, (text) => {
        texts += 1;
        const [left, right] = [comparable(byCommonmark(text), text), comparable(byMicromark(text), text)];
        if (left.join() !== right.join()) return;
        agreed += 1;
        expect(ours(text)).toEqual(right);
      }),
      { numRuns: 3_000 },
    );
    expect(agreed / texts).toBeGreaterThan(0.96);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["open with three backticks or tildes", "```\na\n```\n~~~\nb\n~~~\n", ["1-3", "4-6"]],
    ["close with as many or more of the same character", "````\n```\n~~~~\n`````\n", ["1-4"]],
    ["may be indented by three spaces, not by four", "   ```\n   ```\n\n    ```\n    ```\n", ["1-2"]],
    ["close up to three spaces in", "```\n    ```\n   ```\n", ["1-3"]],
    ["do not close with text behind the fence", "```\n``` x\n```\t \n", ["1-3"]],
    ["have no backtick in a backtick fence's info", "``` a`b\n```\n", ["2"]],
    ["may have backticks in a tilde fence's info", "~~~ a`b\n~~~\n", ["1-2"]],
    ["interrupt a paragraph", "text\n```\n```\n", ["2-3"]],
    ["run to the end where they are not closed", "a\n\n```\nb", ["3"]],
    ["are none within a list", "- a\n\n  ```\n  ```\n", []],
    ["are none within a block quote", "> ```\n> ```\n", []],
    ["are none in an HTML comment", "<!--\n```\n```\n-->\n```\n```\n", ["5-6"]],
    ["are none in an HTML block until a blank line", "<div>\n```\n\n```\n```\n", ["4-5"]],
    ["are none in a script", "<script>\n\n```\n</script>\n```\n```\n", ["5-6"]],
    ["follow a list that ended without a blank line", "- a\n```\n```\n", ["2-3"]],
    ["follow a tag that cannot begin a block within a paragraph", "foo\n<x>\n```\n```\n", ["3-4"]],
    ["are swallowed by a tag that stands alone", "<x>\n```\n```\n", []],
    ["follow a definition, whose underline makes no heading", "[a]: b\n===\n<x>\n```\n```\n", ["4-5"]],
    ["are swallowed by a tag below a heading", "[a] b\n===\n<x>\n```\n```\n", []],
    ["stay within an item across blank lines", "1. a\n\n\n   ```\n   ```\n```\n```\n", ["6-7"]],
    ["leave an item that begins with two blank lines", "-\n\n  ```\n  ```\n", ["3-4"]],
    ["end at line ends of any kind", "```\ra\r```\r\n~~~\r\n~~~", ["1-3", "4-5"]],
  ];
  test.each(cases)("%s", (_, text, expected) => {
    expect(ours(text)).toEqual(expected);
    expect(comparable(byCommonmark(text), text)).toEqual(expected);
  });

  test("tell the marker and the info string without white space around it", () => {
    const text = "  ~~~~ \t prompt topic \t\nx\n~~~~\n";
    const [fence] = topLevelFences(text, linesOf(text));
    expect(fence).toEqual({
      open: 0,
      close: 2,
      indentation: 2,
      marker: { start: 2, end: 6 },
      info: { start: 9, end: 21 },
    });
    const [bare] = topLevelFences("``` \n```", linesOf("``` \n```"));
    expect(bare!.info).toEqual({ start: 4, end: 4 });
  });

  test("take linear time on deep nesting and on what looks like definitions", () => {
    const hard = [
      "> ".repeat(200_000) + "\n".repeat(200_000),
      "- ".repeat(200_000) + "x" + "\n".repeat(200_000),
      Array.from({ length: 300 }, (_, depth) => `${"- ".repeat(depth)}x\n`).join(""),
      "[a]: b\n'".repeat(50_000) + "\n===\n",
      `[a]: b\n"${"x".repeat(1_000_000)}\n===\n`,
      `[${"x".repeat(1_000_000)}\n===\n`,
      `[a]: ${"(".repeat(1_000_000)}\n===\n`,
      "[a](".repeat(200_000) + "\n===\n",
      "<x ".repeat(300_000),
      `<x${" a".repeat(300_000)}>`,
      `<x a="${'"'.repeat(300_000)}`,
      "* ".repeat(500_000),
      "`".repeat(1_000_000),
      " ".repeat(1_000_000),
    ];
    for (const text of hard) {
      const start = performance.now();
      topLevelFences(text, linesOf(text));
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });
});
