import type { CallEnd } from "#server/store/journal.ts";
import { objectIn } from "../object-in.ts";
import { createKeyFilter, endWithoutKeys, type KeyFilter } from "../key-filter.ts";
import { ModelError } from "../model-error.ts";
import { failureError, redacted, toModelError, truncatedError, type ErrorSource } from "../provider-error.ts";
import { unreadEnd } from "./batch-end.ts";
import type { BatchResult } from "./model-batches.ts";
import { textLines, type TextLine } from "./text-lines.ts";

/** Characters of what is no results that are kept for the words of its error. */
const mostUnread = 64_000;

/**
 * The results that files have, a line each, as `endOf` reads it. A line that it fails at, or that is no JSON, is one request's failure, and
 * the others are given all the same. Throws a `ModelError` where a file has no result at all, as a page has none, or breaks off.
 */
export async function* batchResults<Line>(
  files: readonly AsyncIterable<Uint8Array>[],
  endOf: (line: Line, id: string) => CallEnd,
  endedAt: number,
  source: ErrorSource,
): AsyncGenerator<BatchResult, void, undefined> {
  const withoutKeys = createKeyFilter(source.secrets);
  let isEmpty = true;
  for (const file of files) {
    let known = false;
    let unread = "";
    for await (const line of linesOf(file, source)) {
      isEmpty = false;
      const result = resultOf(line, endOf, endedAt, source, withoutKeys);
      if (result.id !== null) known = true;
      else if (unread.length < mostUnread) unread += `${line.text}\n`;
      yield result;
    }
    if (!known && unread !== "") throw noResults(unread, source);
  }
  // There was something to be answered: one of two files may be empty, not all there are.
  if (isEmpty && files.length > 0) throw truncatedError(source);
}

async function* linesOf(
  file: AsyncIterable<Uint8Array>,
  source: ErrorSource,
): AsyncGenerator<TextLine, void, undefined> {
  try {
    yield* textLines(file);
  } catch (thrown) {
    throw thrown instanceof RangeError ? toModelError(thrown, source) : thrown;
  }
}

function resultOf<Line>(
  { text, open }: TextLine,
  endOf: (line: Line, id: string) => CallEnd,
  endedAt: number,
  source: ErrorSource,
  withoutKeys: KeyFilter,
): BatchResult {
  // What came before it is read; it may be whole the next time.
  if (open && text.startsWith("{") && !text.endsWith("}")) throw truncatedError(source);
  try {
    const line = objectIn(text, (what) => unreadable(text, source, new SyntaxError(what))) as { custom_id?: unknown };
    const { custom_id: id } = line;
    if (typeof id !== "string") throw unreadable(text, source, null);
    return { id, end: endWithoutKeys(endOf(line as Line, id), [withoutKeys]) };
  } catch (thrown) {
    const error = thrown instanceof ModelError ? thrown : unreadable(text, source, thrown);
    const [, id = null] = /"custom_id"\s*:\s*"([\w-]{1,64})"/.exec(text) ?? [];
    return { id, end: unreadEnd(error, endedAt) };
  }
}

function unreadable(text: string, source: ErrorSource, cause: unknown): ModelError {
  const message = `its results have what is no result: ${redacted(text, source, 200)}`;
  return failureError({ body: { message }, cause }, source);
}

/** What has no line of results: most often an error object, or a page of a proxy. */
function noResults(text: string, source: ErrorSource): ModelError {
  try {
    const body = JSON.parse(text) as { readonly error?: unknown } | null;
    if (body?.error) return failureError({ body }, source);
  } catch {
    // Its own words are said either way.
  }
  return unreadable(text.trim(), source, null);
}
