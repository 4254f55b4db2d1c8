import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Extension } from "@codemirror/state";

/** An editor in the page's own colours, light and dark by the same names, exactly as tall as the text it stands for. */
const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  // What is typed is what is sent: no sign stands for two.
  ".cm-scroller": { font: "12.5px/20px var(--mono)", fontVariantLigatures: "none", overflowX: "visible" },
  ".cm-content": { padding: "0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-placeholder": { color: "var(--ink-2)", fontStyle: "italic" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    boxShadow: "0 1px 0 var(--accent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    boxShadow: "0 1px 0 var(--bad)",
  },
  ".cm-tooltip": {
    zIndex: "40",
    overflow: "hidden",
    border: "1px solid var(--line-strong)",
    borderRadius: "8px",
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    font: "12.5px/20px var(--mono)",
    minWidth: "220px",
    maxHeight: "228px",
    padding: "4px 0",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    gap: "12px",
    padding: "1px 8px",
    lineHeight: "20px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)", fontWeight: "600" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    color: "var(--ink-2)",
    font: "11px/20px var(--sans)",
    fontStyle: "normal",
  },
  ".cm-tooltip.cm-completionInfo": { padding: "6px 10px", maxWidth: "320px", font: "12px/18px var(--sans)" },
  ".cm-diagnostic": { padding: "6px 10px", borderLeft: "0", font: "12px/18px var(--sans)" },
  ".cm-diagnostic-error": { boxShadow: "inset 3px 0 0 var(--bad)" },
  ".cm-diagnostic-warning": { boxShadow: "inset 3px 0 0 var(--stale)" },
  ".cm-diagnosticAction": {
    margin: "4px 0 0 8px",
    padding: "1px 8px",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    font: "12px/18px var(--sans)",
  },
  ".cm-lintRange": { backgroundImage: "none", textDecorationLine: "underline", textDecorationStyle: "wavy" },
  ".cm-lintRange-error": { textDecorationColor: "var(--bad)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--stale)", textUnderlineOffset: "3px" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--bad)" },
});

/** Colours of SQL and code, with the few that prompts have. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--k3)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--k2)" },
  { tag: [tags.comment], color: "var(--k4)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--k1)" },
  { tag: [tags.special(tags.name), tags.typeName, tags.definition(tags.typeName)], color: "var(--k1)" },
]);

export const editorTheme: Extension = [look, syntaxHighlighting(colours)];
