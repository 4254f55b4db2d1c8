import { cellForms, cellKinds } from "#server/cells/index.ts";
import { condition } from "#server/cells/condition.ts";
import { reduce } from "#server/cells/reduce.ts";
import { rows } from "#server/cells/rows.ts";
import { cellReferences } from "../cell-references.ts";
import { parseNotebook } from "../format.ts";
import { buildGraph } from "../graph.ts";
import type { Graph, Node } from "../graph-node.ts";
import type { Cell } from "../notebook.ts";
import type { SqlAnalysis } from "../sql-analysis.ts";

/** A notebook's text: front matter with `sheaf: 1`, then the cells given. */
export function notebookText(front: string, ...cells: readonly string[]): string {
  return `---\nsheaf: 1\n${front}---\n\n${cells.join("\n\n")}\n`;
}

/** One cell's fence; `info` is `kind name`. */
export function fence(info: string, body: string): string {
  const ticks = body.includes("````") ? "`````" : body.includes("```") ? "````" : "```";
  return `${ticks}${info}\n${body}\n${ticks}`;
}

/** The graph of a notebook. SQL is read by a rough rule that is enough here: names after `from` and `join`, and `$name`. */
export function graphOf(front: string, ...cells: readonly string[]): Graph {
  const text = notebookText(front, ...cells);
  return buildGraph(parseNotebook(text, cellForms), {
    kinds: cellKinds,
    reduce,
    condition,
    rows,
    references: (cell) => cellReferences(text, cell, { sql: roughSql }).references,
  });
}

export function nodeOf(graph: Graph, id: string): Node {
  const node = graph.nodes.get(id);
  if (node === undefined) throw new Error(`no node ${id} among ${[...graph.nodes.keys()].join(", ")}`);
  return node;
}

function roughSql({ source, kind }: Cell): SqlAnalysis {
  const found = (pattern: RegExp) =>
    [...source.matchAll(pattern)].map((match) => ({
      parts: match[1]!.split("."),
      position: { line: 1, column: match.index + 1, offset: match.index + match[0].indexOf(match[1]!), length: match[1]!.length },
    }));
  const tables = kind === "sql" ? found(/\b(?:from|join)\s+'?([\w./]+)'?/g) : [];
  const columns = kind === "formula" ? found(/\b([a-z_]+)\b/g) : [];
  return { ok: true, tables: tables.map((name) => (name.parts.join(".").includes("/") ? { ...name, parts: [name.parts.join(".")] } : name)), qualifiers: [], parameters: found(/\$(\w+)/g), columns, defines: [], unplaced: [], volatile: [] };
}
