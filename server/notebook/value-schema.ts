import { z } from "zod";

const datum = z.unknown().refine((one) => one !== undefined);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const column = z.looseObject({
  name: z.string(),
  type: z.enum(["string", "number", "boolean", "date", "time", "json", "binary"]),
  sql: z.string(),
});
const table = z
  .looseObject({ columns: z.array(column), rowCount: z.int().min(0), hash, rows: z.array(z.array(datum)).optional() })
  .refine(({ rowCount, columns, rows }) => rows === undefined || fits(rows, rowCount, columns.length), {
    path: ["rows"],
  });
const message = z.looseObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() });
const file = z.looseObject({ hash, name: z.string(), mediaType: z.string(), bytes: z.number().min(0) });
const chart = z.looseObject({
  kind: z.enum(["bar", "line", "scatter", "histogram"]),
  table,
  x: z.string(),
  y: z.array(z.string()),
  series: z.string().optional(),
  title: z.string().optional(),
});
const score = z.looseObject({
  score: z.number().nullable(),
  pass: z.boolean().nullable(),
  reason: z.string(),
  get checks() {
    return z.record(z.string(), score).optional();
  },
});
const verdict = z.enum(["pass", "fail", "open"]);
const line = z.looseObject({ source: z.string(), verdict, sides: z.array(z.string()), reason: z.string().optional() });
const error = z.looseObject({ code: z.string(), message: z.string(), cure: z.string().optional() });

/** What a value must be where people may have written it: its type, and what values of the type have. */
export const valueSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("null") }),
  z.looseObject({ type: z.literal("string"), value: z.string() }),
  z.looseObject({ type: z.literal("number"), value: z.union([z.number(), z.bigint()]) }),
  z.looseObject({ type: z.literal("boolean"), value: z.boolean() }),
  z.looseObject({ type: z.literal("json"), value: datum }),
  z.looseObject({ type: z.literal("table"), value: table }),
  z.looseObject({ type: z.literal("messages"), value: z.array(message) }),
  z.looseObject({ type: z.literal("file"), value: file }),
  z.looseObject({ type: z.literal("image"), value: file }),
  z.looseObject({ type: z.literal("chart"), value: chart }),
  z.looseObject({ type: z.literal("score"), value: score }),
  z.looseObject({ type: z.literal("test"), value: z.looseObject({ verdict, lines: z.array(line) }) }),
  z.looseObject({ type: z.literal("error"), value: error }),
]);

function fits(rows: readonly (readonly unknown[])[], rowCount: number, columns: number): boolean {
  return rows.length === rowCount && rows.every((row) => row.length === columns);
}
