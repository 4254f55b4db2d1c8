import type { Node } from "./graph-node.ts";
import { nearestName } from "./nearest-name.ts";
import type { Diagnostic, FrontMatter } from "./notebook.ts";
import { isPart } from "./part-of-cell.ts";
import type { Position } from "./value.ts";

const head: Position = { line: 1, column: 1, offset: 0, length: 0 };

/** What the front matter says of cells and axes that are not there: outputs, and the labels that `choose` names. */
export function frontProblems(front: FrontMatter, nodes: ReadonlyMap<string, Node>): readonly Diagnostic[] {
  return [...outputProblems(front, nodes), ...choiceProblems(front, nodes)];
}

function* outputProblems({ outputs, positions }: FrontMatter, nodes: ReadonlyMap<string, Node>): Iterable<Diagnostic> {
  const outside = [...nodes.values()]
    .filter((node) => node.sheet === null && !isPart(node.id))
    .map((node) => node.name);
  for (const [index, output] of outputs.entries()) {
    if (outside.includes(output)) continue;
    const nested = [...nodes.values()].find(
      (node) => node.sheet !== null && (node.id === output || node.name === output),
    );
    const near = nearestName(output, outside);
    yield {
      severity: "error",
      code: nested === undefined ? "graph.unknown-output" : "graph.output-of-a-row",
      message:
        nested === undefined
          ? `there is no cell \`${output}\` for an output`
          : `the output \`${output}\` depends on the row of \`${nested.sheet}\``,
      cure:
        nested !== undefined
          ? `An output is one value: name \`${nested.sheet}\`, or a cell outside that sums it up.`
          : near === null
            ? `Cells are ${outside.join(", ") || "none yet"}.`
            : `Did you mean \`${near}\`?`,
      position: positions[`outputs.${index}`] ?? positions["outputs"] ?? head,
    };
  }
}

function* choiceProblems({ choose, positions }: FrontMatter, nodes: ReadonlyMap<string, Node>): Iterable<Diagnostic> {
  const axes = [...nodes.values()].flatMap((node) => node.ownAxes);
  for (const [name, label] of Object.entries(choose)) {
    const own = axes.filter((axis) => axis.name === name);
    if (own.some((axis) => axis.labels.includes(label))) continue;
    const labels = [...new Set(own.flatMap((axis) => axis.labels))];
    const names = [...new Set(axes.map((axis) => axis.name))];
    yield {
      severity: "warning",
      code: "graph.unknown-choice",
      message:
        own.length === 0
          ? `\`choose\` names the axis \`${name}\`, and no cell has it`
          : `\`choose\` names the ${name} ${label}, and there is none`,
      cure:
        own.length > 0
          ? `There are: ${labels.join(", ")}.`
          : names.length === 0
            ? "No cell varies anything."
            : `Axes are ${names.join(", ")}.`,
      position: positions[`choose.${name}`] ?? head,
    };
  }
}
