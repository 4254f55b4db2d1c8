import { expect, test } from "vitest";
import type { RequestRecord } from "#server/store/store.ts";
import { requestRows } from "./request-rows.ts";

const request = (changes: Partial<RequestRecord>): RequestRecord => ({
  id: "r",
  slug: "triage",
  version: 2,
  mode: "waited",
  status: "done",
  inputs: "{}",
  answer: null,
  results: "[]",
  errors: "[]",
  startedAt: 0,
  endedAt: 1,
  cost: 0,
  callsMade: 0,
  callsCached: 0,
  ...changes,
});
const rows = (...requests: readonly RequestRecord[]): unknown =>
  requestRows(requests).map((line) => JSON.parse(line) as unknown);

test("an input or output is a column of its own name, whatever that is", () => {
  const [row] = rows(request({ inputs: '{"toString":1,"constructor":2}', answer: '{"outputs":{"valueOf":3}}' })) as [
    object,
  ];
  expect(Object.keys(row).slice(4)).toEqual(["toString", "constructor", "valueOf"]);
});

test("each request that has ended is a row of what was given and answered, oldest first", () => {
  expect(
    rows(
      request({ id: "b", inputs: '{"message":"late"}', answer: '{"outputs":{"topic":"card"}}', startedAt: 60_000 }),
      request({ id: "open", status: "running" }),
      request({ id: "a", status: "failed", inputs: '{"message":"lost","n":1}', answer: '{"outputs":{}}' }),
    ),
  ).toEqual([
    {
      request: "a",
      asked_at: "1970-01-01T00:00:00.000Z",
      version: 2,
      status: "failed",
      message: "lost",
      topic: null,
      n: 1,
    },
    {
      request: "b",
      asked_at: "1970-01-01T00:01:00.000Z",
      version: 2,
      status: "done",
      message: "late",
      topic: "card",
      n: null,
    },
  ]);
});

test("an input and an output of one name, or of a column's, are told apart, and large numbers stay as they are", () => {
  const line = requestRows([
    request({ inputs: '{"text":9007199254740993,"version":1}', answer: '{"outputs":{"text":"b","status":"s"}}' }),
  ])[0]!;
  expect(line).toBe(
    '{"request":"r","asked_at":"1970-01-01T00:00:00.000Z","version":2,"status":"done","text":9007199254740993,"version_input":1,"text_output":"b","status_output":"s"}',
  );
});
