import type { Column } from "#server/notebook/value.ts";

/**
 * A column's value as the one text a cell sees it as, in SQL: a number has no more digits than it needs whatever its type
 * (5, 5.0 and 5.00 are one value), so that a dataset whose new version widens a column's type makes nothing stale.
 */
export function plainText(expression: string, column: Column): string {
  switch (column.type) {
    case "number":
      return numberText(expression, column.sql);
    case "json":
      return column.sql === "JSON" ? `cast(${expression} as VARCHAR)` : `cast(to_json(${expression}) as VARCHAR)`;
    case "binary":
      return `to_base64(${expression})`;
    case "time":
      // An instant's text would have the time zone of the machine.
      return column.sql === "TIMESTAMP WITH TIME ZONE"
        ? `cast(timezone('UTC', ${expression}) as VARCHAR) || 'Z'`
        : `cast(${expression} as VARCHAR)`;
    case "boolean":
    case "string":
    case "date":
      return `cast(${expression} as VARCHAR)`;
  }
}

function numberText(expression: string, sql: string): string {
  const decimal = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(sql);
  if (decimal !== null) {
    const text = `cast(${expression} as VARCHAR)`;
    return decimal[1] === "0" ? text : `rtrim(rtrim(${text}, '0'), '.')`;
  }
  if (sql !== "DOUBLE" && sql !== "FLOAT") return `cast(${expression} as VARCHAR)`;
  return `case when abs(${expression}) < 9007199254740992 and ${expression} = trunc(${expression})
    then cast(cast(${expression} as BIGINT) as VARCHAR) else cast(${expression} as VARCHAR) end`;
}

/**
 * A column's value as the text a row is told apart by, in SQL: plain text, of a text in JSON the text itself. A number or an object among
 * texts makes their column JSON, and the rows are still the same ones.
 */
export function identityText(expression: string, column: Column): string {
  const text = plainText(expression, column);
  if (column.sql !== "JSON") return text;
  return `case when json_type(${expression}) = 'VARCHAR' then json_extract_string(${expression}, '$') else ${text} end`;
}

/** A value as text that is one of no other value, wherever it stands in a longer text: its sort, its length and itself. */
export function taggedText(expression: string, column: Column): string {
  const text = identityText(expression, column);
  const tag = column.sql === "JSON" ? jsonTag(expression) : `'${tags[column.type]}'`;
  return `case when ${expression} is null then 'n' else ${tag} || strlen(${text}) || ':' || ${text} end`;
}

/** Dates and times are text to a cell, and so is Base64. */
const tags = { string: "s", date: "s", time: "s", binary: "s", number: "d", boolean: "b", json: "j" } as const;

/** The tag of what stands in JSON: of a text, a truth or a whole number it is that of a column of nothing else. */
function jsonTag(expression: string): string {
  return `case json_type(${expression}) when 'VARCHAR' then '${tags.string}' when 'BOOLEAN' then '${tags.boolean}'
    when 'BIGINT' then '${tags.number}' when 'UBIGINT' then '${tags.number}' when 'HUGEINT' then '${tags.number}' else '${tags.json}' end`;
}

/** What stands in place of a value for what a row has none: another text for each reason. */
export function taggedLack(lack: string, value: string): string {
  return `case when ${lack} is null then ${value} else 'x' || split_part(${lack}, ' ', 1) end`;
}

/** The same for JSON text in `expression`, which is null only where there is no value yet; then so is this. */
export function taggedJson(expression: string): string {
  return `'j' || strlen(${expression}) || ':' || ${expression}`;
}

/** What a reader's input hash is made of, for a result or override: its outcome, and its value or else its error. Null never stands for a text. */
export function seenOf(outcome: string, valueHash: string, error: string): string {
  return `cast(md5(case when ${valueHash} is not null then ${outcome} || 'v' || ${valueHash}
    else ${outcome} || 'e' || coalesce(${error}, '') end) as UUID)`;
}
