import { z } from "zod";
import { definedOnly } from "#server/notebook/defined-only.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { importedRun, type Journal, type PlacedAnswer } from "./journal.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";

/** The first line of a file of answers. */
const head = { sheaf: "answers", version: 1 } as const;
/** Answers that are read or written together. */
const together = 500;

const count = z.number().nonnegative().optional();
const time = z.number().int().nonnegative();
const text = z.string();

/** One line below the first: the answer of one call, with the place it was made for. What was sent, and to what request, is no part of it. */
const entry = z.strictObject({
  key: text.regex(/^\S{1,200}$/),
  model: text.min(1).max(500),
  notebook: text.max(2_000),
  address: text.max(10_000),
  step: z.number().int().nonnegative(),
  sentAt: time,
  endedAt: time,
  firstTextAt: time.optional(),
  text,
  reasoning: text.optional(),
  finish: z.enum(["stop", "length", "content-filter", "other"]).optional(),
  answeredBy: text.max(500).optional(),
  usage: z.strictObject({
    input: count,
    output: count,
    cachedInput: count,
    cacheWrite: count,
    hourCacheWrite: count,
    reasoning: count,
    audio: count,
    image: count,
    outputAudio: count,
    outputImage: count,
  }),
  cost: z.number().nonnegative().nullable(),
  price: z.unknown(),
});
type Entry = z.infer<typeof entry>;

/** The lines of a file of the newest good answers of a journal, those of one notebook's calls or all. */
export async function* answerLines(journal: Journal, notebook?: string): AsyncGenerator<string> {
  yield JSON.stringify(head);
  for (let after = 0; ;) {
    const answers = await journal.answers({ after, limit: together, ...definedOnly({ notebook }) });
    for (const answer of answers) yield toJsonText(toEntry(answer));
    if (answers.length < together) return;
    after = answers.at(-1)!.id;
  }
}

function toEntry(answer: PlacedAnswer): Entry {
  const { key, model, notebook, address, step, sentAt, endedAt, text, usage, cost, price } = answer;
  const { firstTextAt, reasoning, finish, answeredBy } = answer;
  const known = definedOnly({ firstTextAt, reasoning, finish, answeredBy });
  return { key, model, notebook, address, step, sentAt, endedAt, ...known, text, usage, cost, price };
}

/** What came of a file of answers. */
export interface ImportedAnswers {
  readonly imported: number;
  /** Those to whose calls the journal had a good answer already. */
  readonly known: number;
}

/**
 * Puts the answers of a file into a journal, where they answer equal calls. What they cost was paid elsewhere, and is in no sum here. `lines`
 * gives the file's lines from the first, each time anew. Throws `answers.file` with the line where it is no such file, and puts in nothing.
 */
export async function importAnswers(
  lines: () => AsyncIterable<string>,
  journal: Journal,
  now: () => number,
): Promise<ImportedAnswers> {
  // All of it is looked through before any is put in.
  for await (const _ of entriesOf(lines()));
  let [imported, known] = [0, 0];
  let some: Entry[] = [];
  const put = async (): Promise<void> => {
    const there = await journal.find(some.map(({ key }) => key));
    const missing = [...new Map(some.map((each) => [each.key, each])).values()].filter(({ key }) => !there.has(key));
    imported += missing.length;
    known += some.length - missing.length;
    some = [];
    await Promise.all(missing.map((each) => putEntry(each, journal, now())));
  };
  for await (const each of entriesOf(lines())) {
    some.push(each);
    if (some.length === together) await put();
  }
  await put();
  return { imported, known };
}

async function putEntry(entry: Entry, journal: Journal, keptFrom: number): Promise<void> {
  const { key, model, notebook, address, step, sentAt, usage, price, ...end } = entry;
  const call = { key, model, notebook, address, step, sentAt, keptFrom };
  const id = await journal.begin({ ...call, run: importedRun, request: null });
  await journal.finish(id, { ...definedOnly(end), usage: definedOnly(usage), price: price as Datum, state: "done" });
}

async function* entriesOf(lines: AsyncIterable<string>): AsyncGenerator<Entry> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1) checkHead(line);
    else if (line.trim() !== "") yield readEntry(line, number);
  }
  if (number === 0) checkHead("");
}

function checkHead(line: string): void {
  const found = parsed(line) as { readonly sheaf?: unknown; readonly version?: unknown } | null | undefined;
  if (found?.sheaf !== head.sheaf)
    throw new SheafError("answers.file", "it is no file of answers", {
      cure: "Give one that `sheaf cache export` wrote.",
    });
  if (found.version !== head.version)
    throw new SheafError("answers.file", "a newer version of Sheaf wrote this file of answers", {
      cure: "Use that version of Sheaf or a newer one.",
    });
}

function readEntry(line: string, number: number): Entry {
  const read = entry.safeParse(parsed(line));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue!.path.length === 0 ? "" : `\`${issue!.path.join(".")}\`: `;
  throw new SheafError("answers.file", `line ${number} is no answer: ${where}${issue!.message}`, {
    cure: "The file was cut or changed: export it again. Nothing was imported.",
  });
}

function parsed(line: string): unknown {
  try {
    return fromJsonText(line.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
