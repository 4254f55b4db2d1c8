import { Parser } from "commonmark";
import { fromMarkdown } from "mdast-util-from-markdown";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { cellReferences } from "#server/notebook/cell-references.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { parseNotebook, printNotebook } from "#server/notebook/format.ts";

/**
 * A notebook of 1 MB parsed and printed, beside two parsers of CommonMark on the same text. The notebook is prose and cells with
 * configuration, as documents are. Micromark's time grows with the square of the length here, so it gets a tenth of the text.
 */
const prose = "Which topic is a message about? A list:\n\n- one `word`\n- two **words**\n\n> and a quote\n\n";
const cell = (index: number): string =>
  `\`\`\`prompt topic_${index}\n---\nmodels: [small, big]\nvary: { shots: [0, 5] }\ntemperature: 0\n---\nsystem:\nYou route messages to a bank.\n\nuser:\n` +
  `{% for hit in examples[:vary.shots] %}\nMessage: {{ hit.text }}\nTopic: {{ hit.category }}\n{% endfor %}\nMessage: {{ message }}\n\`\`\`\n\n`;

let text = "---\nsheaf: 1\ntitle: Large\ninputs: { message: string }\n---\n\n";
for (let index = 0; text.length < 1_000_000; index += 1) text += prose.repeat(4) + cell(index);

const notebook = parseNotebook(text);
const cells = cellsOf(notebook);
if (printNotebook(notebook) !== text || notebook.diagnostics.length > 0)
  throw new Error("the notebook is not what was written");
console.log(`A notebook of ${(text.length / 1e6).toFixed(2)} MB with ${cells.length} cells\n`);

const parser = new Parser();
const bare = median(() => parser.parse(text));
report("commonmark, the reference parser", bare, null);
const tenth = text.slice(0, text.length / 10);
const micromark = median(() => fromMarkdown(tenth));
report("mdast-util-from-markdown, a tenth", micromark, null);
report(
  "parse and print, a tenth",
  median(() => printNotebook(parseNotebook(tenth))),
  micromark,
);
for (const [name, run] of [
  ["parse and print", () => printNotebook(parseNotebook(text))],
  [
    "references of every cell",
    () => cells.map((placed) => cellReferences(text, placed.cell, { sql: () => undefined })),
  ],
  ["set the source of one cell", () => applyOperation(text, { type: "set-source", cell: "topic_9", source: "Hi" })],
  [
    "rename an input that every cell reads",
    () => applyOperation(text, { type: "rename", cell: "message", to: "question" }),
  ],
] as const)
  report(name, median(run), bare);

function report(name: string, time: number, beside: number | null): void {
  const ratio = beside === null ? "" : `   ${(beside / time).toFixed(1)} × as fast`;
  console.log(`${name.padEnd(44)}${time.toFixed(1).padStart(9)} ms${ratio}`);
}

function median(run: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((left, right) => left - right)[3]!;
}
