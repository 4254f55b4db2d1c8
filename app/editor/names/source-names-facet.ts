import { Facet, type EditorState } from "@codemirror/state";
import { nameAt, type Piece, type SourceName } from "./source-name";

/** How the names of a text are found, as its language says. */
export const sourceNames = Facet.define<(state: EditorState) => readonly SourceName[]>();

/** The free names of an editor's text. */
export function namesOf(state: EditorState): readonly SourceName[] {
  return state.facet(sourceNames).flatMap((names) => names(state));
}

/** The name at a place of an editor's text. */
export function nameUnder(state: EditorState, offset: number): ReturnType<typeof nameAt> {
  return nameAt(namesOf(state), offset);
}

/** How the other words of a text are found, where its language is ours. */
export const sourceWords = Facet.define<(state: EditorState) => readonly Piece[]>();

/** The filter, function or test at a place of an editor's text. */
export function wordUnder(state: EditorState, offset: number): Piece | null {
  return (
    state
      .facet(sourceWords)
      .flatMap((words) => words(state))
      .find(
        ({ kind, start, end }) =>
          (kind === "filter" || kind === "function" || kind === "test") && start <= offset && offset <= end,
      ) ?? null
  );
}
