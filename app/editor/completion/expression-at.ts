import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import { commentStart } from "#server/notebook/test-lines.ts";
import { yamlPieces } from "../languages/yaml-pieces";

/** What of our own language is being written at a place: a template, or an expression that begins at `start`. */
export interface LanguagePlace {
  readonly kind: "template" | "expression";
  readonly source: string;
  readonly start: number;
  /** In YAML, the key at the head of a line that it stands behind. */
  readonly key?: string;
}

/** Finds it in a text in one of our languages; null where something else is written there, such as the key of a configuration. */
export function expressionAt(language: BodyLanguage, source: string, offset: number): LanguagePlace | null {
  switch (language) {
    case "template":
    case "messages":
      return { kind: "template", source, start: 0 };
    case "expressions": {
      const start = source.lastIndexOf("\n", offset - 1) + 1;
      const line = source.slice(start).split("\n", 1)[0]!;
      const end = commentStart(line);
      const isComment = line.trimStart().startsWith("#") || offset - start > end;
      return isComment ? null : { kind: "expression", source: line.slice(0, end), start };
    }
    case "checks":
    case "none":
      return inYaml(source, offset);
    case "data":
    case "cells":
    case "sql":
    case "expression-sql":
    case "javascript":
      return null;
  }
}

/** The expression of a value of YAML that begins with `=`, up to the end of its line or its quotes. */
function inYaml(source: string, offset: number): LanguagePlace | null {
  const sign = yamlPieces(source).findLast(
    ({ kind, start, end }) => kind === "operator" && end <= offset && source.slice(start, end) === "=",
  );
  if (sign === undefined) return null;
  // A value begins behind a key's colon, a dash, a bracket or a comma.
  const before = source.slice(0, sign.start);
  const opened = /(?:^|[:\-[,{]\s*)(["']?)$/.exec(before);
  if (opened === null || source.slice(sign.end, offset).includes("\n")) return null;
  const rest = source.slice(sign.end).split("\n", 1)[0]!;
  const quote = opened[1]!;
  const end = quote === "" ? rest.length : rest.indexOf(quote) < 0 ? rest.length : rest.indexOf(quote);
  if (offset - sign.end > end) return null;
  const key = [...before.matchAll(/^([\w-]+)[ \t]*:/gm)].at(-1)?.[1];
  return {
    kind: "expression",
    source: rest.slice(0, end),
    start: sign.end,
    ...(key === undefined ? {} : { key }),
  };
}
