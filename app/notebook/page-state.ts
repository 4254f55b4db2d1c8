import { createMemo, createSignal, type Accessor } from "solid-js";
import type { PagePanel } from "~/actions/page-panels";
import type { NotebookView } from "#server/workbench/view.ts";
import { blocksOf, type Blocks } from "./blocks";
import type { ComparedRow } from "./compared-row";
import { foldingOf, type Folding } from "./folding";
import { outlineOf, type OutlineItem } from "./outline";

/** What a notebook's page knows that the server need not: what is open, folded and lit up. */
export interface PageState {
  readonly panel: Accessor<PagePanel | null>;
  openPanel(panel: PagePanel | null): void;
  /** Whether keys do something yet. */
  readonly isListening: Accessor<boolean>;
  setListening(isListening: boolean): void;
  /** The cell whose name is being edited. */
  readonly renaming: Accessor<string | null>;
  setRenaming(cell: string | null): void;
  readonly isTitleEdited: Accessor<boolean>;
  setTitleEdited(isEdited: boolean): void;
  readonly isCodeHidden: Accessor<boolean>;
  setCodeHidden(isHidden: boolean): void;
  readonly outline: Accessor<readonly OutlineItem[]>;
  readonly folding: Accessor<Folding>;
  setFolded(key: string, isFolded: boolean): void;
  foldAll(isFolded: boolean): void;
  /** Unfolds what hides a block. */
  reveal(block: string): void;
  /** The block that lights up because something was done to it. */
  readonly flashed: Accessor<string | null>;
  flash(block: string): void;
  /** The block that is marked because its name is pointed at elsewhere. */
  readonly marked: Accessor<string | null>;
  mark(block: string | null): void;
  /** The row in which a prompt of a sheet has the whole page. */
  readonly comparedRow: Accessor<ComparedRow | null>;
  compareIn(row: ComparedRow | null): void;
}

const flashFor = 1_200;

export function createPageState(view: NotebookView): { readonly state: PageState; readonly blocks: Accessor<Blocks> } {
  const [panel, openPanel] = createSignal<PagePanel | null>(null);
  const [isListening, setListening] = createSignal(false);
  const [renaming, setRenaming] = createSignal<string | null>(null);
  const [isTitleEdited, setTitleEdited] = createSignal(false);
  const [isCodeHidden, setCodeHidden] = createSignal(false);
  const [foldedKeys, setFoldedKeys] = createSignal<ReadonlySet<string>>(new Set());
  const [flashed, setFlashed] = createSignal<string | null>(null);
  const [marked, mark] = createSignal<string | null>(null);
  const [comparedRow, compareIn] = createSignal<ComparedRow | null>(null);
  const isThere = (): boolean => view.head.head !== undefined;
  // Edits elsewhere make no new outline: what is drawn from it would be drawn again.
  const equals = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  const outline = createMemo(() => (isThere() ? outlineOf(view) : []), [], { equals });
  const all = createMemo(() => (isThere() ? blocksOf(view).all : []), [], { equals });
  const folding = createMemo(() => foldingOf(outline(), foldedKeys(), all()));
  const blocks = createMemo((): Blocks => {
    const { blocks: hidden } = folding();
    return { all: all(), visible: all().filter((block) => !hidden.has(block)) };
  });
  const headings = () => outline().filter((item) => item.type === "heading");
  let timer: ReturnType<typeof setTimeout> | undefined;

  const state: PageState = {
    panel,
    openPanel: (next) => void openPanel(next),
    isListening,
    setListening: (is) => void setListening(is),
    renaming,
    setRenaming: (cell) => void setRenaming(cell),
    isTitleEdited,
    setTitleEdited: (isEdited) => void setTitleEdited(isEdited),
    isCodeHidden,
    setCodeHidden: (isHidden) => void setCodeHidden(isHidden),
    outline,
    folding,
    setFolded(key, isFolded) {
      setFoldedKeys((before) => {
        const after = new Set(before);
        if (isFolded) after.add(key);
        else after.delete(key);
        return after;
      });
    },
    foldAll: (isFolded) => void setFoldedKeys(new Set(isFolded ? headings().map(({ key }) => key) : [])),
    reveal(block) {
      if (!folding().blocks.has(block)) return;
      const hiding = [...foldedKeys()].filter((key) => foldingOf(outline(), new Set([key]), all()).blocks.has(block));
      setFoldedKeys((before) => new Set([...before].filter((key) => !hiding.includes(key))));
    },
    flashed,
    flash(block) {
      clearTimeout(timer);
      setFlashed(block);
      timer = setTimeout(() => setFlashed(null), flashFor);
    },
    marked,
    mark: (block) => void mark(block),
    comparedRow,
    compareIn: (row) => void compareIn(row),
  };
  return { state, blocks };
}
