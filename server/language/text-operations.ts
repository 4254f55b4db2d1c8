import type { Meter } from "./meter.ts";
import { characterCount, characters } from "./lists.ts";
import { Fault } from "./language-error.ts";
import { splitAt } from "./text-search.ts";

/** The first letter upper case, the rest lower. */
export function capitalize(value: string): string {
  const first = value.slice(0, value.codePointAt(0)! > 0xffff ? 2 : 1);
  return first.toUpperCase() + value.slice(first.length).toLowerCase();
}

/** Every word capitalized; words end at white space, hyphens and opening brackets. */
export function title(value: string): string {
  return value
    .split(/([-\s({[<]+)/)
    .map(capitalize)
    .join("");
}

/** Every run of letters capitalized, as Python's method does. */
export function titleWords(value: string): string {
  return value.replace(/\p{Cased}+/gu, (word) => capitalize(word));
}

/** Without the given characters at the sides asked for; white space where none are given. */
export function strip(value: string, given: string | null, side: "both" | "left" | "right", meter: Meter): string {
  if (given === null) return side === "both" ? value.trim() : side === "left" ? value.trimStart() : value.trimEnd();
  meter.spend(given.length);
  const going = new Set(given);
  const size = (index: number) => (value.codePointAt(index)! > 0xffff ? 2 : 1);
  let from = 0;
  let to = value.length;
  if (side !== "right") while (from < to && going.has(value.slice(from, from + size(from)))) from += size(from);
  if (side !== "left")
    while (to > from) {
      const start = to - (to - from > 1 ? size(to - 2) : 1);
      if (!going.has(value.slice(start, to))) break;
      to = start;
    }
  return value.slice(from, to);
}

/** The first `count` occurrences replaced, all where `count` is negative; the size is checked before. */
export function replace(value: string, old: string, by: string, count: number, meter: Meter): string {
  const parts = old === "" ? ["", ...value, ""] : splitAt(value, old);
  const replaced = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  meter.spend(parts.length);
  meter.room(value.length + replaced * (by.length - old.length));
  return (
    parts.slice(0, replaced + 1).join(by) +
    parts
      .slice(replaced + 1)
      .map((part) => old + part)
      .join("")
  );
}

/** Split at a separator at most `most` times, counted from the right where asked; at runs of white space without a separator. */
export function split(
  value: string,
  separator: string | null,
  most: number,
  meter: Meter,
  fromRight = false,
): string[] {
  if (separator === "") throw new Fault("language.value", "a text cannot be split at an empty one");
  const parts =
    separator === null ? words(value, most, fromRight) : atMost(splitAt(value, separator), separator, most, fromRight);
  meter.spend(parts.length);
  return parts;
}

function atMost(parts: string[], separator: string, most: number, fromRight: boolean): string[] {
  if (most < 0 || parts.length <= most + 1) return parts;
  if (!fromRight) return [...parts.slice(0, most), parts.slice(most).join(separator)];
  const kept = parts.length - most;
  return [parts.slice(0, kept).join(separator), ...parts.slice(kept)];
}

function words(value: string, most: number, fromRight: boolean): string[] {
  const found = [...value.matchAll(/\S+/g)];
  const last = found.at(-1);
  if (last === undefined) return [];
  if (most < 0 || found.length <= most) return found.map(([word]) => word);
  if (fromRight) {
    const kept = found[found.length - most - 1]!;
    return [value.slice(0, kept.index + kept[0].length), ...found.slice(-most || found.length).map(([word]) => word)];
  }
  return [...found.slice(0, most).map(([word]) => word), value.slice(found[most]!.index)];
}

/** The lines of a text, without their ends; a final line end begins no line. */
export function lines(value: string): string[] {
  const found = value.split(/\r\n|\n|\r/);
  if (found.at(-1) === "") found.pop();
  return found;
}

/** In the middle of `width` characters, at their left or their right, as Python counts. */
export function pad(
  value: string,
  width: number,
  fill: string,
  place: "center" | "left" | "right",
  meter: Meter,
): string {
  const missing = width - characterCount(value);
  if (missing <= 0) return value;
  meter.room(missing);
  const left =
    place === "left"
      ? 0
      : place === "right"
        ? missing
        : Math.floor(missing / 2) + (missing % 2 === 1 && width % 2 === 1 ? 1 : 0);
  return fill.repeat(left) + value + fill.repeat(missing - left);
}

/** Shortened to `length` characters, `end` included, at a word's end unless `anywhere`; left alone when at most `leeway` too long. */
export function truncate(value: string, length: number, anywhere: boolean, end: string, leeway: number): string {
  const room = length - characterCount(end);
  if (room < 0) throw new Fault("language.value", `\`length\` must be at least ${length - room}, as long as \`end\``);
  if (characterCount(value) <= length + leeway) return value;
  const kept = characters(value, 0, room);
  if (anywhere) return kept + end;
  const wordEnd = kept.lastIndexOf(" ");
  return (wordEnd < 0 ? kept : kept.slice(0, wordEnd)) + end;
}

/** Lines after the first indented by `by`, the first and blank ones too where asked. */
export function indent(value: string, by: string, first: boolean, blank: boolean, meter: Meter): string {
  const found = value.split(/\r\n|\n|\r/);
  meter.room(value.length + found.length * by.length);
  return found.map((line, index) => ((index === 0 ? first : blank || line !== "") ? by + line : line)).join("\n");
}

/** Lines of at most `width` characters, broken at white space and, where asked, after hyphens and inside longer words. */
export function wordwrap(
  value: string,
  options: { width: number; longWords: boolean; hyphens: boolean; lineEnd: string },
  meter: Meter,
): string {
  const wrapped = lines(value).flatMap((line) => wrapLine(line, options));
  meter.spend(wrapped.length);
  meter.room(value.length + wrapped.length * options.lineEnd.length);
  return wrapped.join(options.lineEnd);
}

function wrapLine(line: string, options: { width: number; longWords: boolean; hyphens: boolean }): string[] {
  const { width, longWords, hyphens } = options;
  const chunks = line
    .split(/(\s+)/)
    .flatMap((chunk) => (hyphens ? chunk.split(/(?<=[\p{L}_]{2}-)(?=[\p{L}_]{2})/u) : [chunk]));
  const found: string[] = [];
  let current = "";
  let used = 0;
  const finish = (trims = true) => {
    const text = trims ? current.trimEnd() : current;
    if (text !== "") found.push(text);
    current = "";
    used = 0;
  };
  for (let chunk of chunks) {
    if (chunk === "") continue;
    let size = characterCount(chunk);
    if (used + size > width) {
      if (longWords && size > width) {
        const letters = Array.from(chunk);
        let from = 0;
        while (letters.length - from > width - used) {
          const end = from + width - used;
          const cut = (hyphens && afterHyphen(letters, from, end)) || end;
          current += letters.slice(from, cut).join("");
          // White space that fills a line before a long word is no end of it, as in Python.
          finish(cut > from);
          from = cut;
        }
        chunk = letters.slice(from).join("");
        size = letters.length - from;
      } else finish();
    }
    // White space at a break is dropped, at the beginning of the text's own line it stays.
    if (current === "" && found.length > 0 && chunk.trim() === "") continue;
    current += chunk;
    used += size;
  }
  finish();
  return found.length === 0 ? [""] : found;
}

/** The place behind the last hyphen before `end` that has another character before it; null where there is none. As Python's `textwrap` cuts long words. */
function afterHyphen(letters: readonly string[], from: number, end: number): number | null {
  for (let at = end - 1; at > from; at -= 1) {
    if (letters[at] === "-") return letters.slice(from, at).some((letter) => letter !== "-") ? at + 1 : null;
  }
  return null;
}

/** Percent-encoded UTF-8, all but letters, digits, `_.-~` and `/`. */
export function urlEncode(value: string, keepSlash: boolean): string {
  const encoded = encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return keepSlash ? encoded.replaceAll("%2F", "/") : encoded;
}
