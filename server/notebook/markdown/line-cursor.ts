import type { Span } from "../notebook.ts";

/**
 * Walks along the white space at the head of a line by columns. A tab reaches to the next multiple of four, and a
 * container may take only a part of it (CommonMark 0.31, section 2.2), so place and column are kept apart.
 */
export class LineCursor {
  readonly text: string;
  readonly end: number;
  offset: number;
  column = 0;

  constructor(text: string, line: Span) {
    this.text = text;
    this.offset = line.start;
    this.end = line.end;
  }

  /** The first character that is neither space nor tab, and how many columns are before it. */
  next(): { readonly offset: number; readonly indentation: number; readonly blank: boolean } {
    let { offset, column } = this;
    for (; offset < this.end; offset += 1) {
      const character = this.text.charCodeAt(offset);
      if (character === space) column += 1;
      else if (character === tab) column += 4 - (column % 4);
      else break;
    }
    return { offset, indentation: column - this.column, blank: offset === this.end };
  }

  /** Goes on by up to `columns` columns of white space, and only that. */
  skipColumns(columns: number): void {
    let left = columns;
    while (left > 0 && this.offset < this.end) {
      const character = this.text.charCodeAt(this.offset);
      const width = character === tab ? 4 - (this.column % 4) : character === space ? 1 : 0;
      if (width === 0) return;
      if (width <= left) this.offset += 1;
      const step = Math.min(width, left);
      this.column += step;
      left -= step;
    }
  }

  /** Goes to `offset`, over the indentation and `characters` that are no tabs. */
  moveTo(offset: number, indentation: number, characters: number): void {
    this.offset = offset + characters;
    this.column += indentation + characters;
  }
}

const tab = 9;
const space = 32;
