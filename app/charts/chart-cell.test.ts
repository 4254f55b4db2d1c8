import { expect, test } from "vitest";
import type { Column } from "#server/notebook/value.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { cellForms } from "#server/cells/index.ts";
import { chartCell, firstChart } from "./chart-cell.ts";

const column = (name: string, type: Column["type"]): Column => ({ name, type, sql: "X" });

test("a chart begins with words across, and the last numbers up", () => {
  expect(
    firstChart([
      column("topic", "string"),
      column("model", "string"),
      column("n", "number"),
      column("score", "number"),
    ]),
  ).toEqual({ kind: "bar", x: "topic", y: "score", series: "" });
  expect(firstChart([column("day", "date"), column("cost", "number")])).toMatchObject({ kind: "line", x: "day" });
  expect(firstChart([column("a", "number"), column("b", "number")])).toMatchObject({ kind: "scatter", x: "a", y: "b" });
  expect(firstChart([column("a", "number")])).toMatchObject({ kind: "histogram", x: "a" });
});

test("a chart's cell is one the notebook reads, whatever its columns are called, under a free name", () => {
  const choice = { kind: "bar", x: "no", y: 'the "score": in %', series: "" } as const;
  const { name, text } = chartCell(choice, "results", ["results", "Results_Chart"]);
  expect(name).toBe("results_chart_2");
  const { cells, diagnostics } = parseNotebook(`---\nsheaf: 1\n---\n\n${text}`, cellForms);
  expect(diagnostics).toEqual([]);
  expect(cells[0]!.configuration.values).toEqual({ data: "results", type: "bar", x: "no", y: 'the "score": in %' });
});
