import type { Prepared } from "#server/runner/prepared.ts";

/** The inputs of any JSON that have to be lists: those whose elements are the rows of a sheet that outputs need. */
export function listInputs({ graph, plan }: Pick<Prepared, "graph" | "plan">): ReadonlySet<string> {
  const json = new Set(graph.front.inputs.flatMap(({ name, type }) => (type === "json" ? [name] : [])));
  return new Set(
    plan.steps.flatMap(({ node }) => {
      const rows = graph.sheets.get(node)?.rows;
      return rows?.type === "input" && json.has(rows.input) ? [rows.input] : [];
    }),
  );
}
