import type { Selectable } from "kysely";
import { definedOnly } from "#server/notebook/defined-only.ts";
import { isBatched } from "#server/notebook/is-batched.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import type { Usage } from "#server/notebook/services.ts";
import type {
  CallAttempt,
  CallEnd,
  CallIntent,
  FreeAnswers,
  JournalAnswer,
  JournalCall,
  LedgerCall,
  PlacedAnswer,
} from "./journal.ts";
import type { JournalSchema } from "./journal-schema.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";

type CallRow = Selectable<JournalSchema["calls"]>;

/** The columns a call has from its beginning. */
export function intentColumns(intent: CallIntent) {
  return {
    call_key: intent.key,
    run_id: intent.run,
    notebook: intent.notebook,
    address: intent.address,
    step: intent.step,
    model: intent.model,
    sent_at: intent.sentAt,
    expected: ifNumber(intent.expected),
    kept_until: intent.keptUntil ?? null,
    kept_from: intent.keptFrom ?? null,
    request: toJsonText(intent.request),
  } satisfies Partial<CallRow>;
}

/** The columns its end fills. */
export function endColumns(end: CallEnd) {
  return {
    state: end.state,
    ended_at: end.endedAt,
    first_text_at: ifNumber(end.firstTextAt),
    finish: ifText(end.finish),
    answered_by: ifText(end.answeredBy),
    request_id: ifText(end.requestId),
    input_tokens: ifNumber(end.usage.input),
    output_tokens: ifNumber(end.usage.output),
    cached_input_tokens: ifNumber(end.usage.cachedInput),
    cache_write_tokens: ifNumber(end.usage.cacheWrite),
    hour_cache_write_tokens: ifNumber(end.usage.hourCacheWrite),
    reasoning_tokens: ifNumber(end.usage.reasoning),
    audio_tokens: ifNumber(end.usage.audio),
    image_tokens: ifNumber(end.usage.image),
    output_audio_tokens: ifNumber(end.usage.outputAudio),
    output_image_tokens: ifNumber(end.usage.outputImage),
    key_number: ifNumber(end.keyNumber),
    key_hash: ifText(end.keyHash),
    cost: end.cost,
    expected: ifNumber(end.expected),
    price: toJsonText(end.price),
    error: end.error === undefined ? null : toJsonText(end.error),
    attempts: end.attempts === undefined ? null : toJsonText(end.attempts as unknown as Datum),
    reasoning: end.reasoning === undefined ? null : toJsonText(end.reasoning),
    answer: toJsonText(end.text),
    response: end.response === undefined ? null : toJsonText(end.response),
  } satisfies Partial<CallRow>;
}

/** What servers say has its type by their word alone: what no column takes must not cost the answer it came with. */
function ifText<Text extends string>(value: Text | undefined): Text | null {
  return typeof value === "string" ? value : null;
}

function ifNumber(value: number | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A call as it stands. Postgres gives whole numbers as text or number, so they go through `Number`. */
export function toCall(row: Omit<CallRow, "workspace_id" | "expected" | "kept_until" | "kept_from">): JournalCall {
  return {
    ...toBeginning(row),
    key: row.call_key,
    request: row.request === null ? null : fromJsonText<Datum>(row.request),
    end:
      row.state === null
        ? null
        : {
            ...toFacts(row, row.state),
            text: toText(row),
            ...(row.response === null ? {} : { response: fromJsonText<Datum>(row.response) }),
          },
  };
}

/** What is known of a call from its beginning, but what was sent. */
function toBeginning(row: Pick<CallRow, "id" | "run_id" | "notebook" | "address" | "step" | "model" | "sent_at">) {
  return {
    id: Number(row.id),
    run: row.run_id,
    notebook: row.notebook,
    address: row.address,
    step: row.step,
    model: row.model,
    sentAt: Number(row.sent_at),
  };
}

/** The columns that say how a call went, without what was sent and said. */
const factColumns = [
  "id",
  "model",
  "sent_at",
  "state",
  "ended_at",
  "first_text_at",
  "finish",
  "answered_by",
  "input_tokens",
  "output_tokens",
  "cached_input_tokens",
  "cache_write_tokens",
  "hour_cache_write_tokens",
  "reasoning_tokens",
  "audio_tokens",
  "image_tokens",
  "output_audio_tokens",
  "output_image_tokens",
  "key_number",
  "key_hash",
  "cost",
  "error",
  "attempts",
] as const satisfies readonly (keyof CallRow)[];

/** The columns of an answer: neither what was sent nor what the provider said besides it, which may be long. */
export const answerColumns = [
  ...factColumns,
  "call_key",
  "request_id",
  "price",
  "reasoning",
  "answer",
] as const satisfies readonly (keyof CallRow)[];

type AnswerRow = Pick<CallRow, (typeof answerColumns)[number]>;

/** The answer of a row whose state is `done` and whose text is kept. */
export function toAnswer(row: AnswerRow): JournalAnswer {
  return {
    ...toFacts(row, row.state!),
    text: toText(row)!,
    id: Number(row.id),
    key: row.call_key,
    model: row.model,
    sentAt: Number(row.sent_at),
  };
}

/** The columns of an answer with its place. */
export const placedColumns = [
  ...answerColumns,
  "notebook",
  "address",
  "step",
] as const satisfies readonly (keyof CallRow)[];

export function toPlaced(row: Pick<CallRow, (typeof placedColumns)[number]>): PlacedAnswer {
  return { ...toAnswer(row), notebook: row.notebook, address: row.address, step: row.step };
}

/** The columns of a call's ledger row: none of its bodies. */
export const ledgerColumns = [
  ...factColumns,
  "run_id",
  "notebook",
  "address",
  "step",
  "price",
] as const satisfies readonly (keyof CallRow)[];

/** The columns of a call but its bodies. */
export const bodilessColumns = [
  ...ledgerColumns,
  "call_key",
  "request_id",
] as const satisfies readonly (keyof CallRow)[];

/** The columns of a call's bodies where they are not there. */
export const noBodies = { request: null, answer: null, reasoning: null, response: null } as const;

export function toLedger(row: Pick<CallRow, (typeof ledgerColumns)[number]>): LedgerCall {
  const attempts = row.attempts === null ? [] : fromJsonText<readonly CallAttempt[]>(row.attempts);
  return {
    ...toBeginning(row),
    state: row.state,
    finish: row.finish,
    answeredBy: row.answered_by,
    endedAt: toNumber(row.ended_at) ?? null,
    firstTextAt: toNumber(row.first_text_at) ?? null,
    usage: toUsage(row),
    cost: row.cost,
    error: row.error === null ? null : fromJsonText<CellError>(row.error).code,
    attempts: attempts.length,
    provider: firstName(attempts.findLast(({ next }) => next !== undefined)?.next ?? row.model),
    keyNumber: row.key_number,
    keyHash: row.key_hash,
    batched: row.price !== null && isBatched(fromJsonText<Datum>(row.price)),
  };
}

export function freeColumns({ at, run, notebook, cell, model, answers, cost, unpriced, input, output }: FreeAnswers) {
  const sums = { answers, cost, unpriced, input_tokens: input, output_tokens: output };
  return { came_at: at, run_id: run, notebook, cell, model, ...sums };
}

export function toFree(row: Selectable<JournalSchema["free_answers"]>): FreeAnswers & { readonly id: number } {
  return {
    id: Number(row.id),
    at: Number(row.came_at),
    run: row.run_id,
    notebook: row.notebook,
    cell: row.cell,
    model: row.model,
    answers: Number(row.answers),
    cost: row.cost,
    unpriced: Number(row.unpriced),
    input: Number(row.input_tokens),
    output: Number(row.output_tokens),
  };
}

function firstName(model: string): string {
  const slash = model.indexOf("/");
  return slash === -1 ? model : model.slice(0, slash);
}

type UsageRow = Pick<CallRow, Extract<keyof CallRow, `${string}_tokens`>>;

function toUsage(row: UsageRow): Usage {
  return definedOnly({
    input: toNumber(row.input_tokens),
    output: toNumber(row.output_tokens),
    cachedInput: toNumber(row.cached_input_tokens),
    cacheWrite: toNumber(row.cache_write_tokens),
    hourCacheWrite: toNumber(row.hour_cache_write_tokens),
    reasoning: toNumber(row.reasoning_tokens),
    audio: toNumber(row.audio_tokens),
    image: toNumber(row.image_tokens),
    outputAudio: toNumber(row.output_audio_tokens),
    outputImage: toNumber(row.output_image_tokens),
  });
}

function toText({ answer }: Pick<CallRow, "answer">): string | null {
  return answer === null ? null : fromJsonText<string>(answer);
}

function toFacts(row: AnswerRow, state: CallEnd["state"]): Omit<CallEnd, "text" | "response"> {
  return definedOnly({
    state,
    endedAt: Number(row.ended_at),
    firstTextAt: toNumber(row.first_text_at),
    finish: row.finish ?? undefined,
    answeredBy: row.answered_by ?? undefined,
    requestId: row.request_id ?? undefined,
    keyNumber: row.key_number ?? undefined,
    keyHash: row.key_hash ?? undefined,
    usage: toUsage(row),
    cost: row.cost,
    price: row.price === null ? null : fromJsonText<Datum>(row.price),
    error: row.error === null ? undefined : fromJsonText<CellError>(row.error),
    attempts: row.attempts === null ? undefined : fromJsonText<CallEnd["attempts"]>(row.attempts),
    reasoning: row.reasoning === null ? undefined : fromJsonText<string>(row.reasoning),
  });
}

function toNumber(value: number | null): number | undefined {
  return value === null ? undefined : Number(value);
}
