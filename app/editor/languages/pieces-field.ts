import { StateField, type EditorState, type Extension } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import { namesAmong, piecesOf, type Piece, type SourceName } from "../names/source-name";
import { sourceNames, sourceWords } from "../names/source-names-facet";

interface Pieces {
  readonly pieces: readonly Piece[];
  readonly names: readonly SourceName[];
  readonly marks: DecorationSet;
}

const marks = new Map<Piece["kind"], Decoration>();

function markOf(kind: Piece["kind"]): Decoration {
  let mark = marks.get(kind);
  if (mark === undefined) marks.set(kind, (mark = Decoration.mark({ class: `piece-${kind}` })));
  return mark;
}

/** Colours a text in one of our own languages by its pieces, and tells its names. */
export function piecesField(language: BodyLanguage): Extension {
  const read = ({ doc }: EditorState): Pieces => {
    const source = doc.toString();
    const pieces = piecesOf(language, source) ?? [];
    return {
      pieces,
      names: namesAmong(pieces, source),
      marks: Decoration.set(pieces.map(({ kind, start, end }) => markOf(kind).range(start, end))),
    };
  };
  const field = StateField.define<Pieces>({
    create: read,
    update: (pieces, transaction) => (transaction.docChanged ? read(transaction.state) : pieces),
    provide: (own) => EditorView.decorations.from(own, (pieces) => pieces.marks),
  });
  return [
    field,
    sourceNames.of((state) => state.field(field).names),
    sourceWords.of((state) => state.field(field).pieces),
  ];
}
