import type { Datum } from "#server/notebook/value.ts";
import { callFilter, callGroupings, filterParameters, freeGroupings } from "./call-filter.ts";
import type { CallsOf, CallsPage, CallsQuestion, FreeGroup, ListedCall } from "./call-store.ts";
import type { Session } from "./duckdb-session.ts";
import { queryRows } from "./query-rows.ts";

const kinds: { readonly [Kind in CallsQuestion["kind"]]: string } = {
  all: "true",
  failed: "state is distinct from 'done'",
  unpriced: "cost is null",
};

/** What each order is by, the most first. */
const orders: { readonly [Order in CallsQuestion["order"]]: string } = {
  newest: "sent_at",
  dearest: "coalesce(cost, -1)",
  slowest: "coalesce(if(batched, null, ended_at - sent_at), -1)",
};

/** Free answers that are listed at most. */
const mostFree = 500;

/** A page of calls: by place, not by number, so that a late one is found as fast as the first. */
export async function callList(session: Session, question: CallsQuestion): Promise<CallsPage> {
  const { kind, order, after, limit } = question;
  const by = orders[order];
  const where = [
    callFilter(question, callGroupings(question), "sent_at"),
    kinds[kind],
    ...(after === null ? [] : [`(${by}, id) < ($value, $id)`]),
  ].join(" and ");
  const sql = `select ${by}, id, run, notebook, address, model, provider, key_number, sent_at, state, ended_at, input, output,
    cost, error, attempts, key_hash from booked_calls where ${where} order by ${by} desc, id desc limit ${limit + 1}`;
  const place = after === null ? {} : { value: after.value, id: after.id };
  const rows = await queryRows(session, sql, { ...filterParameters(question, sql), ...place });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    calls: shown.map(toListed),
    next: rows.length > limit ? { value: Number(last![0]), id: Number(last![1]) } : null,
  };
}

/** What came free, by run, cell and model, the newest first. */
export async function freeList(session: Session, question: CallsOf): Promise<readonly FreeGroup[]> {
  const sql = `select run, notebook, cell, model, max(came_at) as last, sum(answers), sum(cost), sum(unpriced) from free_answers
    where ${callFilter(question, freeGroupings(question), "came_at")} group by all order by last desc, run, cell, model limit ${mostFree}`;
  const rows = await queryRows(session, sql, filterParameters(question, sql));
  return rows.map(([run, notebook, cell, model, at, answers, cost, unpriced]) => ({
    run: String(run),
    notebook: String(notebook),
    cell: String(cell),
    model: String(model),
    at: Number(at),
    answers: Number(answers),
    cost: Number(cost),
    unpriced: Number(unpriced),
  }));
}

function toListed([, id, run, notebook, address, model, provider, key, sent, ...rest]: readonly Datum[]): ListedCall {
  const [state, ended, input, output, cost, error, attempts, hash] = rest;
  return {
    id: Number(id),
    run: String(run),
    notebook: String(notebook),
    address: String(address),
    model: String(model),
    provider: String(provider),
    keyNumber: toNumber(key),
    keyHash: hash as string | null,
    sentAt: Number(sent),
    state: state as ListedCall["state"],
    endedAt: toNumber(ended),
    input: toNumber(input),
    output: toNumber(output),
    cost: toNumber(cost),
    error: error as string | null,
    attempts: Number(attempts),
  };
}

function toNumber(datum: Datum | undefined): number | null {
  return datum == null ? null : Number(datum);
}
