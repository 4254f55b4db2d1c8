/** How an HTML block ends: at a blank line, or on the line that has the pattern. */
export type HtmlBlockEnd = "blank" | RegExp;

const rawStart = /^<(?:pre|script|style|textarea)(?:[ \t>]|$)/i;
const rawEnd = /<\/(?:pre|script|style|textarea)>/i;

const blockNames =
  "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|" +
  "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|" +
  "menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul";
const blockStart = new RegExp(`^</?(?:${blockNames})(?:[ \\t]|/?>|$)`, "i");

const attribute = `[ \\t]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:[ \\t]*=[ \\t]*(?:[^ \\t"'=<>\`]+|'[^']*'|"[^"]*"))?`;
const completeTag = new RegExp(
  `^(?:<[A-Za-z][A-Za-z0-9-]*(?:${attribute})*[ \\t]*/?>|</[A-Za-z][A-Za-z0-9-]*[ \\t]*>)[ \\t]*$`,
);

/**
 * How the HTML block ends that begins with `rest`, a line from its first `<` on; null where none begins.
 * The seven kinds of CommonMark 0.31, section 4.6; the seventh, any complete tag alone on its line, may not interrupt a paragraph.
 */
export function htmlBlockEnd(rest: string, interruptsParagraph: boolean): HtmlBlockEnd | null {
  if (rawStart.test(rest)) return rawEnd;
  if (rest.startsWith("<!--")) return /-->/;
  if (rest.startsWith("<?")) return /\?>/;
  if (/^<![A-Za-z]/.test(rest)) return />/;
  if (rest.startsWith("<![CDATA[")) return /\]\]>/;
  if (blockStart.test(rest)) return "blank";
  return !interruptsParagraph && completeTag.test(rest) ? "blank" : null;
}
