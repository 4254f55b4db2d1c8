import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField, type EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import { namedThing, thingKey, type PageNames } from "./page-names";
import { nameUnder, namesOf } from "./source-names-facet";

/** What the page knows of names, told to an editor. */
export interface KnownNames {
  readonly names: PageNames;
  /** The key of the thing whose uses are shown in all editors; null for none. */
  readonly highlighted: string | null;
}

export const tellNames = StateEffect.define<KnownNames>();

const nothing: KnownNames = {
  names: { things: new Map(), row: undefined, axes: undefined, others: [] },
  highlighted: null,
};

const knownNames = StateField.define<KnownNames>({
  create: () => nothing,
  update: (known, { effects }) => effects.reduce((last, effect) => (effect.is(tellNames) ? effect.value : last), known),
});

const known = Decoration.mark({ class: "name-known" });
const highlighted = Decoration.mark({ class: "name-known name-highlighted" });

function marksOf(state: EditorState): DecorationSet {
  const { names, highlighted: wanted } = state.field(knownNames);
  return Decoration.set(
    namesOf(state).flatMap(({ parts }) => {
      const found = namedThing(
        names,
        parts.map(({ text }) => text),
      );
      if (found === null) return [];
      const mark = thingKey(found.thing) === wanted ? highlighted : known;
      return [mark.range(parts[0]!.start, parts[found.length - 1]!.end)];
    }),
    true,
  );
}

/** The key of the thing that the cursor is at. */
export function keyUnderCursor(state: EditorState): string | null {
  const found = nameUnder(state, state.selection.main.head);
  if (found === null) return null;
  const { names } = state.field(knownNames);
  const thing = namedThing(
    names,
    found.name.parts.map(({ text }) => text),
  );
  return thing === null ? null : thingKey(thing.thing);
}

/** Marks the names that stand for an input or a cell, and all uses of the one the cursor is at. */
export const nameMarks: Extension = [
  knownNames,
  ViewPlugin.define(
    (view) => ({
      marks: marksOf(view.state),
      update(update: ViewUpdate) {
        const told = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(tellNames)));
        if (told || update.docChanged || syntaxTree(update.startState) !== syntaxTree(update.state))
          this.marks = marksOf(update.state);
      },
    }),
    { decorations: ({ marks }) => marks },
  ),
  // With the key held down that goes to a name, names look like what can be gone to.
  EditorView.domEventHandlers({
    mousemove: (event, view) => void view.dom.classList.toggle("going", event.ctrlKey || event.metaKey),
    mouseleave: (_, view) => view.dom.classList.remove("going"),
  }),
];
