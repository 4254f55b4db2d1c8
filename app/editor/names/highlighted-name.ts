import { createSignal } from "solid-js";

const [highlighted, setHighlighted] = createSignal<string | null>(null);

/** The key of the thing the cursor is at, whose uses are shown in all editors of the page; null for none. */
export { highlighted as highlightedName, setHighlighted as highlightName };
