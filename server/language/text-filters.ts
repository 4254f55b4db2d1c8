import { flag, text, wholeNumber } from "./arguments.ts";
import { finite, writtenInteger } from "./arithmetic.ts";
import { formatText } from "./format-text.ts";
import { Fault } from "./language-error.ts";
import { isList, isRecord, kindOf, type LanguageValue } from "./language-value.ts";
import { entriesOf } from "./list-filters.ts";
import { elements } from "./lists.ts";
import type { Meter } from "./meter.ts";
import type { Filter } from "./signature.ts";
import * as operations from "./text-operations.ts";
import { jsonOf, textOf } from "./value-text.ts";

/** The filters that make a text of whatever they are given, by its canonical text. */
export const textFilters: readonly Filter[] = [
  {
    name: "capitalize",
    parameters: [],
    summary: "The first letter upper case, the rest lower.",
    apply: (input, _, meter) => operations.capitalize(textOf(input, meter)),
  },
  {
    name: "center",
    parameters: ["width?"],
    summary: "Centred in `width` characters (80).",
    apply: (input, [width], meter) =>
      operations.pad(textOf(input, meter), wholeNumber(width, "width", 80), " ", "center", meter),
  },
  {
    name: "format",
    parameters: [],
    variadic: true,
    summary: "`%s`, `%d`, `%.2f` and their like in the text, replaced by the arguments.",
    apply: (input, values, meter, named) => formatText(textOf(input, meter), values, named, meter),
  },
  {
    name: "fromjson",
    parameters: [],
    summary: "The value a JSON text stands for.",
    apply: (input, _, meter) => parseJson(text(input, "fromjson"), meter),
  },
  {
    name: "indent",
    parameters: ["width?", "first?", "blank?"],
    summary:
      "Lines after the first indented by `width` spaces (4) or by a text; `first` and `blank` lines too where true.",
    apply: (input, [width, first, blank], meter) => {
      const spaces = typeof width === "string" ? 0 : Math.max(0, wholeNumber(width, "width", 4));
      meter.room(spaces);
      const by = typeof width === "string" ? width : " ".repeat(spaces);
      return operations.indent(textOf(input, meter), by, flag(first, "first"), flag(blank, "blank"), meter);
    },
  },
  {
    name: "lines",
    parameters: [],
    summary: "The lines of a text as a list.",
    apply: (input, _, meter) => {
      const found = operations.lines(textOf(input, meter));
      meter.spend(found.length);
      return found;
    },
  },
  {
    name: "lower",
    parameters: [],
    summary: "In lower case.",
    apply: (input, _, meter) => meter.fit(textOf(input, meter).toLowerCase()),
  },
  {
    name: "replace",
    parameters: ["old", "new", "count?"],
    summary: "Every `old` (or the first `count`) replaced by `new`.",
    apply: (input, [old, by, count], meter) =>
      operations.replace(
        textOf(input, meter),
        textOf(old, meter),
        textOf(by, meter),
        count === null ? -1 : wholeNumber(count, "count", -1),
        meter,
      ),
  },
  {
    name: "split",
    parameters: ["separator?", "most?"],
    summary: "Split at a separator, or at white space, at most `most` times.",
    apply: (input, [separator, most], meter) =>
      operations.split(
        textOf(input, meter),
        separator === undefined || separator === null ? null : text(separator, "separator"),
        wholeNumber(most, "most", -1),
        meter,
      ),
  },
  {
    name: "string",
    parameters: [],
    summary: "The text a value prints as.",
    apply: (input, _, meter) => textOf(input, meter),
  },
  {
    name: "title",
    parameters: [],
    summary: "Every word capitalized.",
    apply: (input, _, meter) => operations.title(textOf(input, meter)),
  },
  {
    name: "tojson",
    parameters: ["indent?"],
    summary: "As JSON; with `indent` on several lines.",
    apply: (input, [indent], meter) => {
      const spaces = indent === null ? 0 : wholeNumber(indent, "indent", 0);
      if (spaces < 0 || spaces > 100) throw new Fault("language.value", "`indent` is at most 100");
      return jsonOf(input, meter, spaces);
    },
  },
  {
    name: "trim",
    parameters: ["chars?"],
    summary: "Without white space, or the given characters, at both ends.",
    apply: (input, [given], meter) =>
      operations.strip(
        textOf(input, meter),
        given === undefined || given === null ? null : text(given, "chars"),
        "both",
        meter,
      ),
  },
  {
    name: "truncate",
    parameters: ["length?", "killwords?", "end?", "leeway?"],
    summary:
      "At most `length` characters (255) with `end` (`...`), cut at a word's end unless `killwords`; `leeway` (5) more are left.",
    apply: (input, [length, killwords, end, leeway], meter) =>
      operations.truncate(
        textOf(input, meter),
        wholeNumber(length, "length", 255),
        flag(killwords, "killwords"),
        text(end, "end", "..."),
        leeway === null ? 5 : wholeNumber(leeway, "leeway", 5),
      ),
  },
  {
    name: "upper",
    parameters: [],
    summary: "In upper case.",
    apply: (input, _, meter) => meter.fit(textOf(input, meter).toUpperCase()),
  },
  {
    name: "urlencode",
    parameters: [],
    summary: "Percent-encoded for a URL; a mapping or pairs as `a=1&b=2`.",
    apply: (input, _, meter) => {
      if (!isRecord(input) && !isList(input)) return meter.fit(operations.urlEncode(textOf(input, meter), true));
      const encode = (part: LanguageValue) => operations.urlEncode(textOf(part, meter), false).replaceAll("%20", "+");
      const pairs = isRecord(input) ? entriesOf(input, meter) : elements(input, meter);
      return meter.fit(
        pairs
          .map((pair) => {
            if (!isList(pair) || pair.length !== 2)
              throw new Fault("language.type", `\`urlencode\` needs pairs in a list and got ${kindOf(pair)}`);
            return `${encode(pair[0]!)}=${encode(pair[1]!)}`;
          })
          .join("&"),
      );
    },
  },
  {
    name: "wordcount",
    parameters: [],
    summary: "How many words a text has.",
    apply: (input, _, meter) => textOf(input, meter).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  },
  {
    name: "wordwrap",
    parameters: ["width?", "break_long_words?", "wrapstring?", "break_on_hyphens?"],
    summary: "Lines of at most `width` characters (79), joined by `wrapstring` (a line end).",
    apply: (input, [width, longWords, wrapstring, hyphens], meter) => {
      const columns = wholeNumber(width, "width", 79);
      if (columns < 1) throw new Fault("language.value", "`width` must be at least 1");
      return operations.wordwrap(
        textOf(input, meter),
        {
          width: columns,
          longWords: flag(longWords, "break_long_words", true),
          hyphens: flag(hyphens, "break_on_hyphens", true),
          lineEnd: wrapstring === null ? "\n" : text(wrapstring, "wrapstring", "\n"),
        },
        meter,
      );
    },
  },
];

/** Integers beyond 2^53 keep their digits. Only what may have such, or an exponent, is walked through, which takes ten times as long. */
function parseJson(source: string, meter: Meter): LanguageValue {
  const walked = /\d{16}|\d[eE]/.test(source);
  meter.spend(source.length >> (walked ? 1 : 3));
  try {
    if (!walked) return JSON.parse(source) as LanguageValue;
    return JSON.parse(source, function revive(_key, value: LanguageValue, context?: { source?: string }) {
      const digits = context?.source;
      if (typeof value !== "number" || digits === undefined || Number.isSafeInteger(value)) return value;
      return /^-?\d+$/.test(digits) ? writtenInteger(digits) : finite(value);
    }) as LanguageValue;
  } catch (error) {
    if (error instanceof Fault) throw error;
    // Not JSON's fault but ours: it is nested too deeply for the walk that keeps large integers.
    if (error instanceof RangeError) throw new Fault("language.limit", "this JSON is nested too deeply");
    const start = JSON.stringify(source.slice(0, 40));
    throw new Fault(
      "language.value",
      `${start} is not JSON: ${(error as Error).message}`,
      "A model's answer with a `schema` always is.",
    );
  }
}
