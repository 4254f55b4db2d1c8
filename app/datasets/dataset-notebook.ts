import { foldName, isName, isReservedName } from "#server/notebook/names.ts";
import type { Column, Datum } from "#server/notebook/value.ts";
import { fromSnippet } from "./from-snippet";

/** What is known of a dataset's file: its columns, and its first rows. */
export interface DatasetHead {
  readonly path: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Datum[])[];
}

const cells = ["records", "answer", "answers"];

/** A notebook to begin with on a dataset's rows: a prompt on the longest of their texts, tried on one and in a sheet on all. */
export function datasetNotebook({ path, columns, rows }: DatasetHead): {
  readonly title: string;
  readonly text: string;
} {
  const title = path.replace(/^.*\//, "").replace(/\.\w+$/, "");
  const { name, example } = longestText(columns, rows);
  const input = isName(name) && !isReservedName(name) && !cells.includes(foldName(name)) ? name : "text";
  const value = isName(name) ? `=row.${name}` : JSON.stringify(`=row[${JSON.stringify(name)}]`);
  const text = `---
sheaf: 1
title: ${JSON.stringify(title)}
inputs:
  ${input}: { type: string, default: ${JSON.stringify(example)} }
---

# ${title}

The rows of \`${path}\`:

\`\`\`sql records
${fromSnippet(path)}
\`\`\`

What is asked about one of them. Change it, and run it:

\`\`\`prompt answer
---
model: local/smollm2-135m-instruct
max_tokens: 40
---
What is this about? Answer in a few words.

{{ ${input} }}
\`\`\`

The same for every row: the menu of the column runs the first 5, and says what all would cost.

\`\`\`\`sheet answers
---
rows: records
with: { ${input}: ${value} }
columns: [answer]
---
\`\`\`\`
`;
  return { title, text };
}

/** The column whose texts are the longest, and its first text; the first column where there is no text. */
function longestText(
  columns: readonly Column[],
  rows: readonly (readonly Datum[])[],
): { readonly name: string; readonly example: string } {
  const lengths = columns.map(({ type }, at) =>
    type === "string" ? rows.reduce((sum, row) => sum + String(row[at] ?? "").length, 1) : 0,
  );
  const at = lengths.indexOf(Math.max(...lengths));
  const example = rows.map((row) => String(row[at] ?? "")).find((value) => value !== "") ?? "";
  return { name: columns[at]!.name, example };
}
