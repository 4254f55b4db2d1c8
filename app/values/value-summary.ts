import type { Datum, Value } from "#server/notebook/value.ts";

/** A value as the text people copy and compare. */
export function valueText(value: Value): string {
  switch (value.type) {
    case "null":
      return "";
    case "string":
      return value.value;
    case "number":
    case "boolean":
      return String(value.value);
    case "json":
      return JSON.stringify(value.value, null, 2);
    case "messages":
      return value.value.map(({ role, content }) => `${role}:\n${content}`).join("\n\n");
    case "file":
    case "image":
      return value.value.name;
    case "table":
    case "chart":
    case "score":
    case "test":
    case "error":
      return valueSummary(value);
  }
}

/** A value in one line. */
export function valueSummary(value: Value): string {
  switch (value.type) {
    case "null":
      return "null";
    case "string":
      return oneLine(value.value);
    case "number":
      return numberText(value.value);
    case "boolean":
      return String(value.value);
    case "json":
      return oneLine(JSON.stringify(value.value));
    case "table":
      return rowsText(value.value.rowCount);
    case "messages":
      return value.value.length === 1 ? "1 message" : `${value.value.length} messages`;
    case "file":
    case "image":
      return value.value.name;
    case "chart":
      return value.value.title ?? `${value.value.kind} of ${value.value.y.join(", ") || value.value.x}`;
    case "score": {
      const { score, pass, reason } = value.value;
      if (score === null) return `unscored: ${oneLine(reason)}`;
      return `${numberText(score)}${pass === null ? "" : pass ? ", passes" : ", fails"}`;
    }
    case "test": {
      const { verdict, lines } = value.value;
      const held = lines.filter((line) => line.verdict === "pass").length;
      return `${verdictWord(verdict)}: ${held} of ${lines.length} hold`;
    }
    case "error":
      return value.value.message;
  }
}

/** A plain datum of a table's cell in one line; null is an empty text. */
export function datumText(datum: Datum | undefined): string {
  if (datum === null || datum === undefined) return "";
  if (typeof datum === "object") return JSON.stringify(datum);
  return typeof datum === "number" ? numberText(datum) : String(datum);
}

/** A number with at most six digits that count, but all that stand before its point, and two after it. */
export function numberText(value: number | bigint): string {
  if (typeof value === "bigint" || Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  const whole = String(Math.trunc(Math.abs(value))).length;
  return String(Number(value.toPrecision(Math.max(6, whole + 2))));
}

/** `1 row`, `1,004 rows`. */
export function rowsText(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
}

export function verdictWord(verdict: "pass" | "fail" | "open"): string {
  switch (verdict) {
    case "pass":
      return "passes";
    case "fail":
      return "fails";
    case "open":
      return "open";
  }
}

function oneLine(text: string): string {
  return text.slice(0, 400).replaceAll(/\s+/g, " ").trim();
}
