import type { Field } from "#server/notebook/cell-kind.ts";

/** The form of what every cell can have. */
export const commonFields: readonly Field[] = [
  { key: "title", label: "Title", control: "text" },
  {
    key: "when",
    label: "When",
    control: "expression",
    help: "Where it is false the cell is skipped: `=row.text != ''`.",
  },
  { key: "vary", label: "Vary", control: "mapping", help: "One result for each combination: `tone: [formal, plain]`." },
  { key: "repeat", label: "Repeats", control: "number" },
  {
    key: "reduce",
    label: "Of repeats",
    control: "text",
    help: "`mean`, `majority` or `pass@k`: one value for readers.",
  },
  { key: "run", label: "Runs", control: "choice", options: ["auto", "manual"] },
  { key: "cache", label: "Answers may be", control: "text", help: "How old: `never`, `30m`, `1d`." },
  {
    key: "keep",
    label: "Requests are kept",
    control: "text",
    help: "How long what is sent and answered stays in the journal: `never`, `12h`, `30d`.",
  },
  { key: "after", label: "After", control: "list", help: "Cells to be done before, without being read." },
  { key: "optional", label: "Optional", control: "list", help: "Names that are null where they were skipped." },
  { key: "continue_on_error", label: "Errors are values", control: "toggle" },
  { key: "reads", label: "Reads", control: "list", help: "Names that cannot be found in the text." },
  { key: "hidden", label: "Text is hidden", control: "toggle" },
];
