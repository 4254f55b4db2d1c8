/** What the page's actions can ask of the editor that is typed in. */
export interface ActiveEditor {
  /** The path of its cell. */
  readonly cell: string;
  /** Goes to where the name at the cursor is from; false where there is none. */
  goToName(): boolean;
  /** Asks for another name of what the cursor is at, or of the cell. */
  renameName(): void;
  /** Writes the name that was meant; false where none is offered at the cursor. */
  correctName(): boolean;
}

let active: ActiveEditor | null = null;

/** The editor of a cell, where it was the last that was typed in. */
export function activeEditor(cell: string | null): ActiveEditor | null {
  return active !== null && active.cell === cell ? active : null;
}

export function setActiveEditor(editor: ActiveEditor): void {
  active = editor;
}

export function forgetEditor(editor: ActiveEditor): void {
  if (active === editor) active = null;
}
