import { Parser } from "commonmark";
import { fromMarkdown } from "mdast-util-from-markdown";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { cellReferences } from "#server/notebook/cell-references.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { parseNotebook, printNotebook } from "#server/notebook/format.ts";
import { median as middle, report, type Figure } from "./figure.ts";

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
const reference = { what: "commonmark parses it", figure: median(() => parser.parse(text)) };
const tenth = text.slice(0, text.length / 10);
const micromark = { what: "mdast-util-from-markdown parses it", figure: median(() => fromMarkdown(tenth)) };
measure("parse and print 0.1 MB", () => printNotebook(parseNotebook(tenth)), micromark);
for (const [name, run] of [
  ["parse and print 1 MB", () => printNotebook(parseNotebook(text))],
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
  measure(name, run, reference);

function measure(what: string, run: () => unknown, bare: Figure["bare"]): void {
  report({ what, unit: "ms", ours: median(run), bare });
}

/** Median milliseconds of seven runs. */
function median(run: () => unknown): number {
  return middle(
    Array.from({ length: 7 }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}
