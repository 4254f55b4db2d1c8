import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { keywordCompletionSource, schemaCompletionSource, type SQLNamespace } from "@codemirror/lang-sql";
import { syntaxTree } from "@codemirror/language";
import { callsTable } from "#server/notebook/calls-table.ts";
import type { EditorHost } from "../editor-host";
import { duckdb } from "../languages/sql";
import { namesOf } from "../names/source-names-facet";
import { namedThing, type PageNames } from "../names/page-names";
import { isAsked } from "./language-completion";

const keywords = keywordCompletionSource(duckdb, false);

/** Completion of SQL: tables that cells make, their columns, inputs behind `$`, dataset files in quotes, and DuckDB's words. */
export function sqlCompletion(host: EditorHost): CompletionSource {
  return async (context) => {
    const names = host.names();
    const { name, from } = syntaxTree(context.state).resolveInner(context.pos, -1);
    if (name === "String") return filesFrom(from, context, host);
    if (name.endsWith("Comment")) return null;
    const parameter = context.matchBefore(/\$\w*/);
    if (parameter !== null)
      return resultOf(
        parameter.from + 1,
        [...names.things.values()].flatMap((thing) =>
          thing.type === "input" ? [{ label: thing.name, detail: "input" }] : [],
        ),
      );
    const word = context.matchBefore(/[\w.]+$/);
    if (word?.text.includes(".") === true)
      return schemaCompletionSource({ dialect: duckdb, schema: schemaOf(names) })(context) as CompletionResult | null;
    const start = word?.from ?? context.pos;
    if (!isAsked(context, start)) return null;
    const columns = await columnsAt(context, host);
    const tables = [...names.things.values()].flatMap((thing): Completion[] =>
      thing.type === "cell" && isTable(thing) ? [{ label: thing.name, detail: thing.kind, boost: 1 }] : [],
    );
    if (isCallsFree(names)) tables.push({ label: callsTable.name, detail: "the workspace's calls" });
    const words = ((await keywords(context)) as CompletionResult | null)?.options ?? [];
    return resultOf(start, [...columns, ...tables, ...words.map((option) => ({ ...option, boost: -1 }))]);
  };
}

/** Whether `calls` is the table of the workspace's calls here, and nothing of the notebook. */
function isCallsFree({ things }: PageNames): boolean {
  return ![...things.keys()].some((name) => name.toLowerCase() === callsTable.name);
}

function resultOf(from: number, options: readonly Completion[]): CompletionResult {
  return { from, options, validFor: /^\w*$/ };
}

async function filesFrom(from: number, context: CompletionContext, host: EditorHost): Promise<CompletionResult> {
  const options = (await host.datasetFiles()).map((label) => ({ label, detail: "dataset" }));
  return { from: from + 1, to: context.pos, options, validFor: /^[^']*$/ };
}

function isTable({
  kind,
  members,
  name,
}: {
  readonly kind: string;
  readonly members: readonly string[];
  readonly name: string;
}): boolean {
  return members.length > 0 || ["data", "sql", "sheet", "retrieve"].includes(kind) || name.includes(".");
}

/** The columns of the tables that the text names, of its dataset files too, and in a sheet those of the row. */
async function columnsAt(context: CompletionContext, host: EditorHost): Promise<readonly Completion[]> {
  const names = host.names();
  const columns = new Map<string, string>();
  for (const column of names.row ?? []) columns.set(column, "row");
  for (const { parts } of namesOf(context.state)) {
    const found = namedThing(
      names,
      parts.map(({ text }) => text),
    );
    if (found?.thing.type === "cell")
      for (const column of columnsOf(found.thing)) columns.set(column, found.thing.name);
    if (found === null && parts[0]?.text.toLowerCase() === callsTable.name && isCallsFree(names))
      for (const { name } of callsTable.columns) columns.set(name, callsTable.name);
  }
  const files = [...context.state.doc.toString().matchAll(/'([^'\n]+\.\w+)'/g)].map(([, file]) => file!);
  const known = files.length === 0 ? [] : await host.datasetFiles();
  for (const file of files.filter((one) => known.includes(one)))
    for (const column of await host.datasetColumns(file)) columns.set(column, file);
  return [...columns].map(([label, detail]) => ({ label, detail, boost: 2, ...quotedWhere(label) }));
}

function columnsOf(
  thing: Extract<ReturnType<PageNames["things"]["get"]>, { readonly type: "cell" }>,
): readonly string[] {
  return [...thing.members, ...thing.axes.map(({ name }) => name)];
}

/** A column whose name is no plain word is written in double quotes. */
function quotedWhere(name: string): Pick<Completion, "apply"> {
  return /^[a-z_][\w]*$/i.test(name) ? {} : { apply: `"${name.replaceAll('"', '""')}"` };
}

function schemaOf(names: PageNames): SQLNamespace {
  const { things } = names;
  const schema: { [name: string]: SQLNamespace } = isCallsFree(names)
    ? { [callsTable.name]: callsTable.columns.map(({ name }) => name) }
    : {};
  const all = [...things.values()].filter((thing) => thing.type === "cell");
  for (const thing of all) {
    if (thing.name.includes(".")) continue;
    const nested = all.filter((other) => other.name.startsWith(`${thing.name}.`));
    schema[thing.name] =
      nested.length === 0
        ? columnsOf(thing)
        : {
            ...Object.fromEntries(columnsOf(thing).map((column) => [column, []])),
            ...Object.fromEntries(nested.map((other) => [other.name.slice(thing.name.length + 1), columnsOf(other)])),
          };
  }
  return schema;
}
