import { renderMarkedMessages, renderMarkedTemplate, type MarkedMessage } from "#server/language/index.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { cellScope } from "#server/cells/cell-scope.ts";
import { mayCall } from "#server/notebook/model-field.ts";
import { parsedMessages, parsedTemplate } from "#server/notebook/parsed.ts";
import type { Step } from "#server/notebook/plan.ts";
import { scalarKey } from "#server/notebook/scalar-key.ts";
import type { CallImage, ModelParameters } from "#server/notebook/services.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import { prepareRow, readRows, startColumn } from "./column-step.ts";
import { openFrame } from "./open-frame.ts";
import { outsideReads, withRows } from "./outside-reads.ts";
import { silentProgress } from "./progress.ts";
import type { ViewContext } from "./run-context.ts";
import { scalarItem } from "./scalar-item.ts";
import { sessionLookup } from "./session-lookup.ts";
import { storedError } from "./stored-error.ts";

/** What a prompt would send at one address as things stand, or why that is not known. */
export type PromptPreview =
  | {
      readonly type: "call";
      /** The messages with the places where values stand; for a text to be continued one user's message with `completion`. */
      readonly messages: readonly MarkedMessage[];
      readonly completion: boolean;
      readonly model: string;
      readonly parameters: ModelParameters;
      /** JSON Schema the answer must have. */
      readonly schema?: Datum;
      /** The pictures that go with the last message of the user. */
      readonly images?: readonly CallImage[];
      /** Full names of the models that answer where its provider is down, in order. */
      readonly fallbacks?: readonly string[];
      /** Names it reads whose values are not current: another text would be sent once they are. */
      readonly unsettled: readonly string[];
    }
  | { readonly type: "waits"; readonly because: readonly string[] }
  | { readonly type: "skipped" }
  | { readonly type: "error"; readonly error: CellError };

/**
 * Renders the request of a prompt without sending it. `row` is a row of the prompt's sheet: its number from 0, or its identity.
 * Throws `preview.none` for a node that calls no model.
 */
export async function promptPreview(
  id: string,
  at: Coordinates,
  row: number | string,
  context: ViewContext,
): Promise<PromptPreview> {
  const node = context.state.graph.nodes.get(id);
  if (node?.kind?.calls === undefined) {
    const may = node !== undefined && mayCall(node);
    throw new SheafError(
      "preview.none",
      may ? `what \`${id}\` sends is made of what it finds` : `\`${id}\` sends nothing to a model`,
      { cure: `Look at its ${may ? "result" : "value"} instead.` },
    );
  }
  if (node.blocked !== null) return { type: "error", error: node.blocked };
  try {
    return await (node.sheet === null ? outside(node, at, context) : inRow(node, at, row, context));
  } catch (thrown) {
    return { type: "error", error: toCellError(thrown) };
  }
}

async function outside(node: Node, at: Coordinates, context: ViewContext): Promise<PromptPreview> {
  const { state } = context;
  const found = await scalarItem(node, at, await outsideReads(node, context), context);
  switch (found.type) {
    case "item":
      return found.item === null
        ? { type: "skipped" }
        : rendered(node, at, found.item, scalarKey(node, at, state.graph, sessionLookup(state)).unsettled);
    case "blocked":
    case "as its part":
      return { type: "waits", because: found.because };
    case "skipped":
    case "error":
      return found;
  }
}

async function inRow(node: Node, at: Coordinates, row: number | string, context: ViewContext): Promise<PromptPreview> {
  const sheet = context.state.graph.sheets.get(node.sheet!)!;
  const frame = await openFrame(sheet, context);
  const step: Step = {
    node: node.id,
    variants: [at],
    rows: typeof row === "string" ? { type: "rows", rows: [row] } : { type: "all" },
    force: true,
    effect: "model",
    needs: [],
  };
  const run = startColumn(node, step, frame, context, await outsideReads(node, context), silentProgress);
  const [from, to] = typeof row === "string" ? [0, frame.rowCount] : [row, row + 1];
  const [first] = await readRows(run, from, to, context);
  if (first === undefined) return { type: "waits", because: [`row ${row}`] };
  const prepared = prepareRow(run, ...first, context);
  if (!("item" in prepared)) {
    const error = storedError(prepared);
    return prepared.outcome === "skipped" || error === null ? { type: "skipped" } : { type: "error", error };
  }
  const [filled] = await withRows(bodyLanguage(node.wordings[0]!), [prepared.item], context);
  return rendered(node, at, filled!, []);
}

/** The call as the kind makes it, with the marks of a render of the same source in the same scope. */
function rendered(node: Node, at: Coordinates, item: Item<unknown>, unsettled: readonly string[]): PromptPreview {
  const { source } = wordingAt(node, at);
  const [call] = node.kind!.calls!(item, source);
  if (call === undefined) return { type: "skipped" };
  const { model, parameters, completion, messages, schema, images, fallbacks } = call;
  const common = {
    type: "call",
    model,
    parameters,
    unsettled,
    ...(schema === undefined ? {} : { schema }),
    ...(images === undefined ? {} : { images }),
    ...(fallbacks === undefined ? {} : { fallbacks }),
  } as const;
  const scope = cellScope(item);
  if (completion !== undefined) {
    const { text, values } = renderMarkedTemplate(parsedTemplate(source), scope);
    const message = { role: "user", content: completion, values: text === completion ? values : [] } as const;
    return { ...common, completion: true, messages: [message] };
  }
  const marked =
    bodyLanguage(node.wordings[0]!) === "messages" ? renderMarkedMessages(parsedMessages(source), scope) : [];
  const values = (index: number): MarkedMessage["values"] =>
    marked[index]?.content === messages[index]!.content ? marked[index].values : [];
  return {
    ...common,
    completion: false,
    messages: messages.map((message, index) => ({ ...message, values: values(index) })),
  };
}
