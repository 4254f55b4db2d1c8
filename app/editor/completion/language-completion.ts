import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { completionAt, type Completion as LanguageCompletion } from "#server/language/completion.ts";
import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import { earlyKeys } from "#server/notebook/notebook.ts";
import type { EditorHost } from "../editor-host";
import { completionNames } from "../names/page-names";
import { expressionAt } from "./expression-at";

/** Completion in our own languages, by the language itself with the names of the page. */
export function languageCompletion(language: BodyLanguage, host: EditorHost): CompletionSource {
  return (context) => {
    const source = context.state.doc.toString();
    const place = expressionAt(language, source, context.pos);
    if (place === null) return null;
    const all = completionNames(host.names());
    // What is read before anything is computed may name inputs alone.
    const names =
      place.key !== undefined && earlyKeys.includes(place.key) ? { inputs: all.inputs ?? [], cells: [] } : all;
    const found = completionAt(place.source, place.kind, context.pos - place.start, names);
    const [first] = found;
    if (first === undefined || !isAsked(context, place.start + first.from)) return null;
    const written = source.slice(place.start + first.from, context.pos);
    return resultOf(
      place.start + first.from,
      found.filter((option) => option.kind !== "role" || option.label.startsWith(written)),
    );
  };
}

/** While one types, something is offered behind a letter, and right where something has to come. */
export function isAsked({ explicit, state, pos }: CompletionContext, from: number): boolean {
  if (explicit || from < pos) return true;
  const before = state.sliceDoc(Math.max(0, pos - 3), pos);
  return /(?:[.|(=[$"']|\{\{[-+]? ?|\{%[-+]? ?)$/.test(before) && !before.endsWith("==");
}

function resultOf(from: number, options: readonly LanguageCompletion[]): CompletionResult {
  return { from, options: options.map(shown), validFor: /^[\p{L}\p{N}_]*$/u };
}

const order: readonly LanguageCompletion["kind"][] = [
  "local",
  "column",
  "member",
  "axis",
  "label",
  "argument",
  "input",
  "cell",
  "name",
  "role",
  "statement",
  "filter",
  "test",
  "function",
  "method",
  "keyword",
];

function shown({ label, kind, detail }: LanguageCompletion): Completion {
  return {
    label,
    detail: kind,
    boost: -order.indexOf(kind),
    ...(detail === undefined ? {} : { info: detail }),
    ...(kind === "role" ? { apply: label.endsWith("=") ? label : `${label}\n` } : {}),
  };
}
