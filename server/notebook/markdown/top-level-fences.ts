import type { Span } from "../notebook.ts";
import type { Line } from "../text-lines.ts";
import { htmlBlockEnd, type HtmlBlockEnd } from "./html-block.ts";
import { LineCursor } from "./line-cursor.ts";
import { withoutLinkDefinitions } from "./link-definitions.ts";

/** A fenced code block at the top level of a Markdown text. `open` and `close` are indexes of lines. */
export interface Fence {
  readonly open: number;
  /** The line of the closing fence; null where the text ends before it. */
  readonly close: number | null;
  /** How many columns the opening fence is indented, 0 to 3. */
  readonly indentation: number;
  /** The run of backticks or tildes that opens it. */
  readonly marker: Span;
  /** What follows the marker, without white space around it. */
  readonly info: Span;
}

/**
 * The fenced code blocks at the top level: not those in lists or block quotes, nor what looks like one in an HTML
 * block, an indented block or another fence. The block structure is CommonMark 0.31's, section 5.1 and the first phase
 * of its appendix; every line is read once, so the time is linear in the length of the text. `onHidden` is told of lines that would open
 * a fence, did HTML above them not go on up to an empty line.
 */
export function topLevelFences(
  text: string,
  lines: readonly Line[],
  onHidden: (fence: Pick<Fence, "marker" | "info">) => void = () => {},
): Fence[] {
  const scanner = new BlockScanner(text, onHidden);
  lines.forEach((line, index) => scanner.read(line, index));
  return scanner.fences;
}

/** A block quote, or a list item whose content begins `width` columns in. An item is `empty` until something stands in it. */
type Container = { readonly type: "quote" } | { readonly type: "item"; readonly width: number; empty: boolean };

/**
 * The open leaf block. Headings and thematic breaks are over with their line, so they are never open. A paragraph keeps
 * its text only while it may be all link definitions. `place` is a top-level fence's in the result.
 */
type Leaf =
  | { readonly type: "none" }
  | { readonly type: "indented" }
  | { readonly type: "paragraph"; text: string | null }
  | { readonly type: "html"; readonly end: HtmlBlockEnd }
  | { readonly type: "fence"; readonly marker: string; readonly place: number | null };

/** How a new block would interrupt the open paragraph: the line could go on with it directly, or lazily from outside its container. */
type Interrupted = "none" | "direct" | "lazy";

const none: Leaf = { type: "none" };

class BlockScanner {
  readonly fences: Fence[] = [];
  readonly #text: string;
  readonly #containers: Container[] = [];
  /** Where in `#containers` the block quotes are, so that a blank line need not walk over the items. */
  readonly #quotes: number[] = [];
  #leaf: Leaf = none;
  readonly #onHidden: (fence: Pick<Fence, "marker" | "info">) => void;
  #line = 0;

  constructor(text: string, onHidden: (fence: Pick<Fence, "marker" | "info">) => void) {
    this.#text = text;
    this.#onHidden = onHidden;
  }

  read(line: Line, index: number): void {
    this.#line = index;
    const cursor = new LineCursor(this.#text, line);
    const matched = this.#matchContainers(cursor);
    if (matched === this.#containers.length && this.#continueLeaf(cursor)) return;
    if (this.#leaf.type !== "paragraph") this.#close(matched);
    this.#openBlocks(cursor, matched);
  }

  /** How many of the open containers the line goes on with; the cursor is behind their markers. */
  #matchContainers(cursor: LineCursor): number {
    const containers = this.#containers;
    for (let index = 0; index < containers.length; index += 1) {
      const container = containers[index]!;
      const next = cursor.next();
      if (next.blank) return this.#matchedByBlank(index);
      if (container.type === "quote") {
        if (next.indentation > 3 || this.#text[next.offset] !== ">") return index;
        cursor.moveTo(next.offset, next.indentation, 1);
        cursor.skipColumns(1);
      } else {
        if (next.indentation < container.width) return index;
        cursor.skipColumns(container.width);
        container.empty = false;
      }
    }
    return containers.length;
  }

  /** A blank line goes on with list items, but not with a block quote, nor with an item that began blank and is still empty. */
  #matchedByBlank(from: number): number {
    const quote = this.#quotes.find((index) => index >= from);
    if (quote !== undefined) return quote;
    const last = this.#containers.at(-1);
    return this.#containers.length - (last?.type === "item" && last.empty ? 1 : 0);
  }

  /** True where the line belongs to the open leaf block and nothing new can begin on it. */
  #continueLeaf(cursor: LineCursor): boolean {
    const leaf = this.#leaf;
    const next = cursor.next();
    switch (leaf.type) {
      case "fence":
        if (next.indentation <= 3 && closesFence(this.#text.slice(next.offset, cursor.end), leaf.marker)) {
          if (leaf.place !== null) this.fences[leaf.place] = { ...this.fences[leaf.place]!, close: this.#line };
          this.#leaf = none;
        }
        return true;
      case "html":
        if (leaf.end === "blank" ? next.blank : leaf.end.test(this.#text.slice(cursor.offset, cursor.end)))
          this.#leaf = none;
        else if (leaf.end === "blank" && this.#containers.length === 0) this.#hidden(cursor, next);
        return true;
      case "indented":
        return next.blank || next.indentation > 3;
      case "none":
      case "paragraph":
        return false;
    }
  }

  #openBlocks(cursor: LineCursor, matched: number): void {
    let depth = matched;
    let interrupted: Interrupted =
      this.#leaf.type !== "paragraph" ? "none" : depth === this.#containers.length ? "direct" : "lazy";
    for (;;) {
      const next = cursor.next();
      if (next.blank) return this.#begin(none, depth);
      const block = this.#blockAt(cursor, next, interrupted, depth);
      if (block === null) {
        const line = this.#text.slice(next.offset, cursor.end);
        if (interrupted !== "none") return this.#continueParagraph(line);
        return this.#begin({ type: "paragraph", text: line.startsWith("[") ? line : null }, depth);
      }
      if (block.type !== "quote" && block.type !== "item") return this.#begin(block, depth);
      this.#begin(none, depth);
      if (block.type === "quote") this.#quotes.push(depth);
      this.#containers.push(block);
      depth += 1;
      interrupted = "none";
    }
  }

  /** The block that begins at the cursor, which is moved behind a container's marker; null where there is only text. */
  #blockAt(
    cursor: LineCursor,
    next: { readonly offset: number; readonly indentation: number },
    interrupted: Interrupted,
    depth: number,
  ): Container | Leaf | null {
    if (next.indentation > 3) return interrupted === "none" ? { type: "indented" } : null;
    if (!beginsBlock.test(this.#text[next.offset]!)) return null;
    // Nothing is opened by what stands so far behind, and patterns need memory for every character.
    const rest = this.#text.slice(next.offset, Math.min(cursor.end, next.offset + longestStart));
    const isDeep = depth >= deepest;
    if (rest.startsWith(">") && !isDeep) {
      cursor.moveTo(next.offset, next.indentation, 1);
      cursor.skipColumns(1);
      return { type: "quote" };
    }
    if (atxHeading.test(rest)) return none;
    const fence = openingFence.exec(rest)?.[0];
    if (fence !== undefined) return this.#fence(rest, fence, next, depth);
    const htmlEnd = htmlBlockEnd(rest, interrupted !== "none");
    if (htmlEnd !== null) return htmlEnd !== "blank" && htmlEnd.test(rest) ? none : { type: "html", end: htmlEnd };
    if (interrupted === "direct" && setextUnderline.test(rest) && this.#paragraphHasText()) return none;
    if (isThematicBreak(rest)) return none;
    return isDeep ? null : listItem(cursor, rest, next, interrupted);
  }

  #fence(
    rest: string,
    marker: string,
    next: { readonly offset: number; readonly indentation: number },
    depth: number,
  ): Leaf {
    if (depth > 0) return { type: "fence", marker, place: null };
    const spans = fenceSpans(rest, marker, next.offset);
    const place = this.fences.push({ open: this.#line, close: null, indentation: next.indentation, ...spans });
    return { type: "fence", marker, place: place - 1 };
  }

  #hidden(cursor: LineCursor, next: { readonly offset: number; readonly indentation: number }): void {
    const rest = this.#text.slice(next.offset, Math.min(cursor.end, next.offset + longestStart));
    const marker = next.indentation > 3 ? undefined : openingFence.exec(rest)?.[0];
    if (marker !== undefined) this.#onHidden(fenceSpans(rest, marker, next.offset));
  }

  #paragraphHasText(): boolean {
    const leaf = this.#leaf;
    if (leaf.type !== "paragraph" || leaf.text === null) return true;
    leaf.text = withoutLinkDefinitions(leaf.text);
    return leaf.text !== "";
  }

  #continueParagraph(line: string): void {
    const leaf = this.#leaf;
    if (leaf.type === "paragraph" && leaf.text !== null) leaf.text = leaf.text === "" ? line : `${leaf.text}\n${line}`;
  }

  /** Closes what the line does not go on with and opens `leaf` there. */
  #begin(leaf: Leaf, depth: number): void {
    this.#close(depth);
    this.#leaf = leaf;
  }

  #close(depth: number): void {
    if (depth < this.#containers.length) this.#leaf = none;
    this.#containers.length = depth;
    while (this.#quotes.length > 0 && this.#quotes.at(-1)! >= depth) this.#quotes.pop();
    if (this.#leaf.type === "indented") this.#leaf = none;
  }
}

/** Deeper block quotes and lists are read as text, and a line's start is looked for in so many characters: hostile text stays cheap. */
const deepest = 100;
const longestStart = 10_000;

/** Any character that a block other than a paragraph or an indented one can begin with. */
const beginsBlock = /[>#`~<=\-*_+0-9]/;
const atxHeading = /^#{1,6}(?:[ \t]|$)/;
const openingFence = /^(?:`{3,}(?![^`]*`)|~{3,})/;
const setextUnderline = /^(?:=+|-+)[ \t]*$/;
const listMarker = /^(?:[-*+]|([0-9]{1,9})[.)])(?=[ \t]|$)/;
const closingFence = /^(`{3,}|~{3,})[ \t]*$/;

function fenceSpans(rest: string, marker: string, offset: number): Pick<Fence, "marker" | "info"> {
  const start = offset + marker.length;
  const info = rest.slice(marker.length);
  const infoStart = start + info.length - info.replace(/^[ \t]+/, "").length;
  const infoEnd = Math.max(infoStart, start + info.replace(/[ \t]+$/, "").length);
  return { marker: { start: offset, end: start }, info: { start: infoStart, end: infoEnd } };
}

/** True where a line, from its first character on, closes a fence that `marker` opened. */
export function closesFence(rest: string, marker: string): boolean {
  const run = closingFence.exec(rest)?.[1];
  return run !== undefined && run[0] === marker[0] && run.length >= marker.length;
}

/** Three or more of one of `*`, `-` and `_`, with nothing but white space between and behind. */
function isThematicBreak(rest: string): boolean {
  const character = rest[0]!;
  if (character !== "*" && character !== "-" && character !== "_") return false;
  let count = 0;
  for (let index = 0; index < rest.length; index += 1) {
    if (rest[index] === character) count += 1;
    else if (rest[index] !== " " && rest[index] !== "\t") return false;
  }
  return count >= 3;
}

function listItem(
  cursor: LineCursor,
  rest: string,
  next: { readonly offset: number; readonly indentation: number },
  interrupted: Interrupted,
): Container | null {
  const marker = listMarker.exec(rest);
  if (marker === null) return null;
  const width = marker[0].length;
  const blank = /^[ \t]*$/.test(rest.slice(width));
  if (interrupted === "direct" && (blank || (marker[1] !== undefined && Number(marker[1]) !== 1))) return null;
  cursor.moveTo(next.offset, next.indentation, width);
  const space = cursor.next().indentation;
  const padding = blank || space > 4 ? 1 : space;
  cursor.skipColumns(padding);
  return { type: "item", width: next.indentation + width + padding, empty: blank };
}
