import { hoverTooltip, type Tooltip } from "@codemirror/view";
import type { Extension } from "@codemirror/state";
import { filterAliases, filters } from "#server/language/filters.ts";
import { functions } from "#server/language/functions.ts";
import { predicates } from "#server/language/predicates.ts";
import type { EditorHost } from "../editor-host";
import { describeThing, type Described } from "./describe-thing";
import { namedThing } from "./page-names";
import { nameUnder, wordUnder } from "./source-names-facet";

/** Shows what a name stands for and its value, where the pointer rests on it. */
export function nameHover(host: EditorHost): Extension {
  return hoverTooltip(
    async (view, offset): Promise<Tooltip | null> => {
      const found = nameUnder(view.state, offset);
      const described =
        found === null
          ? null
          : await describedName(
              found.name.parts.map(({ text }) => text),
              host,
            );
      if (found !== null && described !== null) {
        const { parts } = found.name;
        return tooltip(parts[0]!.start, parts[Math.min(described.parts, parts.length) - 1]!.end, described);
      }
      const word = wordUnder(view.state, offset);
      const help = word === null ? null : wordHelp(word.kind, view.state.sliceDoc(word.start, word.end));
      return word === null || help === null ? null : tooltip(word.start, word.end, help);
    },
    { hoverTime: 350 },
  );
}

async function describedName(
  path: readonly string[],
  host: EditorHost,
): Promise<(Described & { readonly parts: number }) | null> {
  const names = host.names();
  const [first, second] = path;
  if (first === "row" && names.row !== undefined)
    return second === undefined || !names.row.includes(second)
      ? { parts: 1, title: "row", note: `the row of the sheet: ${names.row.join(", ")}` }
      : { parts: 2, title: `row.${second}`, note: "a column of the row" };
  if (first === "vary" && names.axes !== undefined) {
    const axis = names.axes.find(({ name }) => name === second);
    return {
      parts: axis === undefined ? 1 : 2,
      title: axis === undefined ? "vary" : `vary.${axis.name}`,
      note: axis === undefined ? `axes: ${names.axes.map(({ name }) => name).join(", ")}` : axis.labels.join(", "),
    };
  }
  const found = namedThing(names, path);
  return found === null ? null : { parts: found.length, ...(await describeThing(found.thing, host)) };
}

function wordHelp(kind: string, word: string): Described | null {
  const all =
    kind === "filter"
      ? filters.get(filterAliases.get(word) ?? word)
      : kind === "function"
        ? functions.get(word)
        : kind === "test"
          ? predicates.get(word)
          : undefined;
  if (all === undefined) return null;
  return { title: `${kind} ${all.name}(${all.parameters.join(", ")})`, note: all.summary };
}

function tooltip(pos: number, end: number, { title, note, lines, table }: Described): Tooltip {
  return {
    pos,
    end,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "name-hover";
      dom.append(element("p", "name-hover-title", title));
      if (note !== undefined) dom.append(element("p", "name-hover-note", note));
      if (lines !== undefined) dom.append(element("pre", "name-hover-lines", lines.join("\n")));
      if (table !== undefined) dom.append(tableElement(table));
      return { dom };
    },
  };
}

function tableElement({ columns, rows }: NonNullable<Described["table"]>): HTMLElement {
  const table = document.createElement("table");
  const head = document.createElement("tr");
  head.append(...columns.map((column) => element("th", "", column)));
  const lines = rows.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => element("td", "", cell)));
    return row;
  });
  table.append(head, ...lines);
  return table;
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}
