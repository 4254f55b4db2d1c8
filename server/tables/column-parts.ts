import type { Column } from "#server/notebook/value.ts";
import { plainText } from "./sheet-input-sql.ts";
import { pointer } from "./sheet-value-sql.ts";

/** What a column's value is for filters and sorting, in SQL; each part is null where it is not of that sort. */
export interface ColumnParts {
  /** Its plain text, also of a number or truth; the reason of a score. Never empty. */
  readonly text: string;
  /** As `DOUBLE`; a score's score. */
  readonly number: string;
  /** As `BOOLEAN`; whether a score passes. */
  readonly truth: string;
  /** Whether there is a value: not null, not the empty text, and of a score its score. */
  readonly present: string;
  /** A date or time to compare as such, with its type. */
  readonly instant?: { readonly value: string; readonly sql: string };
  /** What to sort by, in turn; all null where it is empty. */
  readonly keys: readonly string[];
}

/** A column of a sheet's rows; `expression` is its value. */
export function rowParts(expression: string, column: Column): ColumnParts {
  const plain = plainText(expression, column);
  const nothing = { number: "cast(null as DOUBLE)", truth: "cast(null as BOOLEAN)" };
  switch (column.type) {
    case "number": {
      // As a 32-bit number 0.1 is not the 0.1 people write; its text is.
      const exact = column.sql === "FLOAT" ? `cast(${expression} as VARCHAR)` : expression;
      const text = shownNumber(expression, column.sql, plain);
      return typed(expression, { ...nothing, text, number: `cast(${exact} as DOUBLE)` });
    }
    case "boolean":
      return typed(expression, { ...nothing, text: plain, truth: expression });
    case "date":
    case "time": {
      const text = column.type === "time" ? `replace(${plain}, ' ', 'T')` : plain;
      return typed(expression, { ...nothing, text, instant: { value: expression, sql: column.sql } });
    }
    case "string":
    case "binary": {
      const text = `nullif(${plain}, '')`;
      return { ...nothing, text, present: `${text} is not null`, keys: [folded(text), text] };
    }
    case "json": {
      const json = column.sql === "JSON" ? expression : `to_json(${expression})`;
      return mixed(elementAt(json, "'$'"));
    }
  }
}

/** The text of a number as the screen has it, where that is no number in JavaScript: what is not finite, and a decimal of more than 15 digits. */
function shownNumber(expression: string, sql: string, plain: string): string {
  const own = `cast(${expression} as VARCHAR)`;
  if (sql.startsWith("DECIMAL"))
    return `case when length(trim(translate(${own}, '-.', ''), '0')) > 15 then ${own} else ${plain} end`;
  if (sql !== "DOUBLE" && sql !== "FLOAT") return plain;
  return `case when ${own} = 'nan' then 'NaN' when isinf(${expression}) then replace(${own}, 'inf', 'Infinity') else ${plain} end`;
}

function typed(expression: string, parts: Omit<ColumnParts, "present" | "keys">): ColumnParts {
  return { ...parts, present: `${expression} is not null`, keys: [expression] };
}

/** A cell's `Value`, as JSON text in the column `value`, or a field of it: of an object, or `score`, `pass`, `reason` or a check of a score. */
export function cellParts(field?: string): ColumnParts {
  const isScore = `json_extract_string(value, '/type') = 'score'`;
  const either = (score: string, other: string): string => `case when ${isScore} then ${score} else ${other} end`;
  const score = scoreAt("value");
  if (field === undefined) {
    const own = elementAt("value", "'/value'");
    const rows = `json_extract_string(value, '/value/rows')`;
    return mixed({
      number: either(score.number, own.number),
      truth: either(score.truth, own.truth),
      text: `case json_extract_string(value, '/type') when 'score' then ${score.text} when 'table' then ${rows} else ${own.text} end`,
      present: either(score.present, own.present),
    });
  }
  const own = elementAt("value", pointer("value", field));
  const check = scoreAt("value", "checks", field);
  return mixed({
    number: `coalesce(${own.number}, ${check.number})`,
    truth: `coalesce(${own.truth}, ${check.truth})`,
    text: `coalesce(${own.text}, ${check.text})`,
    present: `(${own.present} or coalesce(${check.present}, false))`,
  });
}

type Element = Pick<ColumnParts, "text" | "number" | "truth" | "present">;

/** What stands at a path of JSON. */
function elementAt(json: string, path: string): Element {
  const text = `json_extract_string(${json}, ${path})`;
  const type = `json_type(${json}, ${path})`;
  return {
    text: `nullif(${text}, '')`,
    number: `case when ${type} in ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') then cast(${text} as DOUBLE) end`,
    truth: `case when ${type} = 'BOOLEAN' then ${text} = 'true' end`,
    present: `nullif(${text}, '') is not null`,
  };
}

/** A score below a path: of the value itself, or of one of its checks. */
function scoreAt(...path: readonly string[]): Element {
  const at = (member: string): Element => elementAt("value", pointer(...path, member));
  return { number: at("score").number, truth: at("pass").truth, text: at("reason").text, present: at("score").present };
}

/** Values of any type: numbers and truths stand before texts. */
function mixed(element: Element): ColumnParts {
  const { text, number, truth, present } = element;
  const amount = `case when ${present} then coalesce(${number}, cast(${truth} as DOUBLE)) end`;
  const rest = `case when ${present} and ${number} is null and ${truth} is null then ${text} end`;
  return { ...element, keys: [amount, folded(rest), rest] };
}

/** A text as it is sorted by: neither case nor accents count. */
export function folded(text: string): string {
  return `strip_accents(lower(${text}))`;
}
