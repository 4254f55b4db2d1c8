import { canonicalJson } from "#server/notebook/canonical-json.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";
import type { ResultTexts } from "./result-texts.ts";
import type { CellResult, Results } from "./store.ts";

/**
 * The results of one workspace's cells over their texts. They are written as text here and not where they are kept: texts go to another
 * thread for less than objects do, and are less to keep until they have gone.
 */
export function resultsOver(kept: ResultTexts): Results {
  return {
    all: async (notebook) => (await kept.all(notebook)).map(resultOf),
    put: (notebook, results) =>
      kept.put(
        notebook,
        results.map(({ address }) => address),
        results.map(resultText),
      ),
    move: (notebook, to) => kept.move(notebook, to),
    close: () => kept.close(),
  };
}

type KeptResult = Omit<CellResult, "parts"> & { readonly parts: { readonly [part: string]: string } };

/** The parts are JSON as they are: they go in without being read. */
function resultText({ address, key, parts, outcome, value, valueHash, error, calls, at }: CellResult): string {
  const rest = toJsonText({ address, key, outcome, value, valueHash, error, calls, at });
  return `${rest.slice(0, -1)},"parts":${parts}}`;
}

function resultOf(text: string): CellResult {
  const { parts, ...rest } = fromJsonText<KeptResult>(text);
  return { ...rest, parts: canonicalJson(parts) };
}
