import { startCompletion, type Completion, type CompletionSource } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import type { Field } from "#server/notebook/cell-kind.ts";
import { commonKeys } from "#server/notebook/notebook.ts";
import type { OfferedModel } from "~/models/offered-models";
import type { EditorHost } from "../editor-host";
import { shownResult } from "../names/page-names";
import { isAsked } from "./language-completion";

/** Completion of a configuration: its kind's keys, and behind a key what may stand there. */
export function yamlCompletion(host: EditorHost): CompletionSource {
  return async (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const fields = await host.fields();
    const key = /^([\w-]*)$/.exec(before);
    if (key !== null) {
      if (!context.explicit && key[1] === "") return null;
      const written = new Set(context.state.doc.toString().match(/^[\w-]+(?=:)/gm) ?? []);
      return {
        from: line.from,
        options: keyOptions(fields).filter(({ label }) => !written.has(label)),
        validFor: /^\w*$/,
      };
    }
    const value = /^([\w-]+):[ \t]+(?:\[(?:[^\]]*[\s,])?)?([\w./:-]*)$/.exec(before);
    if (value === null) return null;
    const from = context.pos - value[2]!.length;
    if (!isAsked(context, from) && !/[:[,] $/.test(before)) return null;
    const field = fields.find((one) => one.key === value[1]);
    const options = await valueOptions(value[1]!, field, host);
    return options.length === 0 ? null : { from, options, validFor: /^[\w./:-]*$/ };
  };
}

/** Completion of a list of checks: the scorers. */
export function checksCompletion(host: EditorHost): CompletionSource {
  return async (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const name = /^\s*-[ \t]+(?:not-)?([\w-]*)$/.exec(before);
    if (name === null) return null;
    const scorers = await host.scorers();
    const from = context.pos - name[1]!.length;
    return {
      from,
      options: scorers.map(({ name, description }) => ({ label: name, detail: "scorer", info: description })),
      validFor: /^[\w-]*$/,
    };
  };
}

/** Writes a key, and offers what may stand behind it. */
function writeKey(view: EditorView, { label }: Completion, from: number, to: number): void {
  const insert = `${label}: `;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.complete",
  });
  startCompletion(view);
}

function keyOptions(fields: readonly Field[]): readonly Completion[] {
  return [
    ...fields.map(({ key, label, help }) => ({
      label: key,
      detail: label,
      apply: writeKey,
      boost: 1,
      ...(help === undefined ? {} : { info: help }),
    })),
    ...commonKeys.map((key) => ({ label: key, detail: "any cell", apply: writeKey })),
  ];
}

async function valueOptions(key: string, field: Field | undefined, host: EditorHost): Promise<readonly Completion[]> {
  const words = (labels: readonly string[], detail: string): readonly Completion[] =>
    // In the order they are given.
    labels.map((label, index) => ({ label, detail, boost: Math.max(-99, -index) }));
  const cells = [...host.names().things.values()].flatMap((thing) => (thing.type === "cell" ? [thing.name] : []));
  if (key === "after" || key === "optional") return words(cells, "cell");
  if (field === undefined) return [];
  switch (field.control) {
    case "cell":
    case "cells":
      return words(cells, "cell");
    case "choice":
      return words(field.options ?? [], "choice");
    case "toggle":
      return words(["true", "false"], "choice");
    case "file":
      return words(await host.datasetFiles(), "dataset");
    case "model":
      return models(await host.models());
    case "list":
      // A prompt's list of models, to compare.
      if (key === "models") return models(await host.models());
      return words(columnsRead(host), "column");
    case "text":
      return words(columnsRead(host), "column");
    case "number":
    case "schema":
    case "mapping":
    case "expression":
      return [];
  }
}

/** Models in the order they are given, each with what it costs, reads and can do. */
function models(offered: readonly OfferedModel[]): readonly Completion[] {
  return offered.map(({ name, words }, index) => ({
    label: name,
    detail: words === "" ? "model" : words,
    boost: Math.max(-99, -index),
  }));
}

/** The columns of the table that a configuration names as `from:` or `data:`. */
function columnsRead(host: EditorHost): readonly string[] {
  const { from, data } = host.cell().configuration;
  const name = from ?? data;
  const thing = typeof name === "string" ? host.names().things.get(name) : undefined;
  if (thing?.type !== "cell") return [];
  const value = shownResult(host.view(), thing.node)?.value;
  return value?.type === "table" ? value.value.columns.map((column) => column.name) : thing.members;
}
