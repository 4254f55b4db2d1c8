import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprints } from "./edit/cell-fingerprint.ts";
import { formatNotebook } from "./format-notebook.ts";
import { parseNotebook } from "./format.ts";
import { anyText, notebooks } from "./test-notebooks.ts";

const head = "---\nsheaf: 1\n---\n\n";

describe("fmt", () => {
  test("changes nothing that a cell says, and formatting twice is formatting once", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          notebooks.map(({ text }) => text),
          notebooks.map(({ text }) =>
            text.replace(/More prose/g, "---\n\n\n- a\n\n").replace(/(`{3,}|~{3,})$/gm, "$1  "),
          ),
        ),
        (text) => {
          const formatted = formatNotebook(text);
          expect(fingerprints(parseNotebook(formatted))).toEqual(fingerprints(parseNotebook(text)));
          expect(formatNotebook(formatted)).toBe(formatted);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["gives back a text that is no notebook", "# a\n\n\n```sql b \n```  ", "# a\n\n\n```sql b \n```  "],
    [
      "strips white space behind fences and words",
      `${head}\`\`\` sql \t a.b  \nx\n\`\`\`  \n`,
      `${head}\`\`\`sql a.b\nx\n\`\`\`\n`,
    ],
    [
      "leaves one blank line around cells",
      `---\nsheaf: 1\n---\n\n\na\n \`\`\`js b\n \`\`\`\n\n\n\`\`\`js c\n\`\`\`\nd\n`,
      `${head}a\n\n \`\`\`js b\n \`\`\`\n\n\`\`\`js c\n\`\`\`\n\nd\n`,
    ],
    ["keeps blank lines within prose and its trailing spaces", `${head}a  \n\n\nb  \n`, `${head}a  \n\n\nb  \n`],
    ["ends the file with one line end", `${head}\`\`\`js a\n\`\`\``, `${head}\`\`\`js a\n\`\`\`\n`],
    ["takes blank lines at the end away", `${head}a\n\n \n`, `${head}a\n`],
    [
      "keeps the line ends of the file",
      "---\r\nsheaf: 1\r\n---\r\na\r\n```js a\r\n```",
      "---\r\nsheaf: 1\r\n---\r\n\r\na\r\n\r\n```js a\r\n```\r\n",
    ],
    ["bares the lines of front matter", "--- \nsheaf: 1\n---\t\n", "---\nsheaf: 1\n---\n"],
    [
      "bares the lines of configuration",
      `${head}\`\`\`js a\n--- \nk: 1 \n---\t\nx\n\`\`\`\n`,
      `${head}\`\`\`js a\n---\nk: 1 \n---\nx\n\`\`\`\n`,
    ],
    ["drops an empty configuration", `${head}\`\`\`js a\n---\n\n---\nx\n\`\`\`\n`, `${head}\`\`\`js a\nx\n\`\`\`\n`],
    [
      "keeps an empty configuration before a line of three hyphens",
      `${head}\`\`\`js a\n---\n---\n---\n\`\`\`\n`,
      `${head}\`\`\`js a\n---\n---\n---\n\`\`\`\n`,
    ],
    [
      "keeps a configuration that is a comment",
      `${head}\`\`\`js a\n---\n# b\n---\n\`\`\`\n`,
      `${head}\`\`\`js a\n---\n# b\n---\n\`\`\`\n`,
    ],
    [
      "unwraps the configuration of a kind without a body",
      `${head}\`\`\`chart a\n---\nx: 1\n---\n\`\`\`\n`,
      `${head}\`\`\`chart a\nx: 1\n\`\`\`\n`,
    ],
    [
      "leaves it wrapped where text follows",
      `${head}\`\`\`chart a\n---\nx: 1\n---\ny\n\`\`\`\n`,
      `${head}\`\`\`chart a\n---\nx: 1\n---\ny\n\`\`\`\n`,
    ],
    [
      "keeps an empty configuration where text follows that would be read as one without it",
      `${head}\`\`\`label a\n---\n---\ntype: boolean\n\`\`\`\n`,
      `${head}\`\`\`label a\n---\n---\ntype: boolean\n\`\`\`\n`,
    ],
    [
      "leaves no blank lines at the edges of a sheet",
      `${head}~~~~sheet s\n---\nrows: a\n---\n\n\n~~~js a\n~~~\nb\n\n~~~js c\n~~~\n\n~~~~\n`,
      `${head}~~~~sheet s\n---\nrows: a\n---\n~~~js a\n~~~\n\nb\n\n~~~js c\n~~~\n~~~~\n`,
    ],
    [
      "keeps the blank line that a sheet needs before three hyphens",
      `${head}~~~sheet s\n\n\n---\na\n~~~\n`,
      `${head}~~~sheet s\n\n---\na\n~~~\n`,
    ],
    ["keeps the end of a fence nobody closed", `${head}a\n\`\`\`\nb\n\n\n`, `${head}a\n\`\`\`\nb\n\n\n`],
  ])("%s", (_, text, expected) => {
    expect(formatNotebook(text)).toBe(expected);
  });
});
