import { describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { toAnswerSchema } from "./answer-schema.ts";

const total = { type: "object", properties: { total: { type: "number" } }, required: ["total"] } as const;

describe("the schema of an answer", () => {
  test("is none where any string will do", () => {
    expect(toAnswerSchema(undefined)).toBeNull();
    expect(toAnswerSchema({ type: "string", description: "a topic" })).toBeNull();
    expect(toAnswerSchema({ type: "string", pattern: "^a" })).not.toBeNull();
  });

  test("keeps an object, closed, and its text as it is", () => {
    const answer = toAnswerSchema(total);
    expect(answer).toMatchObject({ schema: { ...total, additionalProperties: false }, wrapped: false, strict: true });
    expect(answer?.unwrap('{"total": 1}')).toBe('{"total": 1}');
  });

  test("closes the objects inside, wherever schemas stand", () => {
    const nested = {
      type: "object",
      properties: { lines: { type: "array", items: total } },
      required: ["lines"],
      $defs: { total },
    };
    expect(toAnswerSchema(nested)?.schema).toMatchObject({
      properties: { lines: { items: { additionalProperties: false } } },
      $defs: { total: { additionalProperties: false } },
      additionalProperties: false,
    });
  });

  test("is not strict where a member may be missing or added, at any depth", () => {
    const optional = { type: "object", properties: { total: { type: "number" } } };
    expect(toAnswerSchema(optional)?.strict).toBe(false);
    expect(toAnswerSchema({ type: "array", items: optional })?.strict).toBe(false);
    expect(toAnswerSchema({ ...total, additionalProperties: true })?.strict).toBe(false);
    expect(toAnswerSchema({ ...total, additionalProperties: true })?.schema["additionalProperties"]).toBe(true);
  });

  test.each<[string, Datum]>([
    ["any value", {}],
    ["any object", { type: "object" }],
    ["an object of numbers", { type: "object", additionalProperties: { type: "number" } }],
    ["any object or nothing", { type: ["object", "null"] }],
    ["any list", { type: "array" }],
    ["one of several, by a word that OpenAI does not know", { oneOf: [{ type: "string" }, { type: "number" }] }],
  ])("of %s stays as it is, and is not strict, alone and at any depth", (_, schema) => {
    const nested = { type: "object", properties: { data: { anyOf: [schema] } }, required: ["data"] };
    expect(toAnswerSchema(nested)).toMatchObject({ strict: false, anyObject: false });
    expect(toAnswerSchema(nested)?.schema).toEqual({ ...nested, additionalProperties: false });
    const alone = toAnswerSchema(schema);
    expect(alone?.strict).toBe(false);
    expect(alone?.wrapped ? (alone.schema["properties"] as object) : alone?.schema).toEqual(
      alone?.wrapped ? { answer: schema } : schema,
    );
  });

  test("closes an object that may be null", () => {
    const list = { type: "array", items: { ...total, type: ["object", "null"] } };
    expect(toAnswerSchema(list)).toMatchObject({
      schema: { properties: { answer: { items: { type: ["object", "null"], additionalProperties: false } } } },
      strict: true,
    });
  });

  test("says whether a part of it is open, and whether any object will do", () => {
    const of = (schema: Datum) => {
      const { open, anyObject } = toAnswerSchema(schema)!;
      return [open, anyObject];
    };
    expect(of({ type: "object", additionalProperties: true })).toEqual([true, true]);
    expect(of({ type: "object", description: "a person" })).toEqual([true, false]);
    expect(of({ type: "object", additionalProperties: { type: "number" } })).toEqual([true, false]);
    expect(of({})).toEqual([true, false]);
    expect(of({ type: "array", items: {} })).toEqual([true, false]);
    expect(of({ ...total, additionalProperties: true })).toEqual([false, false]);
    expect(of({ oneOf: [total, { type: "null" }] })).toEqual([false, false]);
  });

  test("leaves a property that is called like a keyword alone", () => {
    const schema = {
      type: "object",
      properties: { items: { type: "string" }, enum: { type: "number" } },
      required: ["items", "enum"],
    };
    expect(toAnswerSchema(schema)?.schema).toEqual({ ...schema, additionalProperties: false });
  });

  test.each([
    [{ enum: ["a", "b"] }, '{"answer": "a"}', "a"],
    [{ type: "number" }, '{"answer":1.5}', "1.5"],
    [{ type: "array", items: { type: "string" } }, '{"answer":["a", "b"]}', '["a","b"]'],
    [{ type: "boolean" }, '{"answer":tr', '{"answer":tr'],
    [{ type: "boolean" }, "[]", "[]"],
  ])("of %j wraps it, and gives %j as %j", (schema, text, answer) => {
    const wrapped = toAnswerSchema(schema);
    expect(wrapped).toMatchObject({
      wrapped: true,
      schema: { type: "object", required: ["answer"], properties: { answer: schema } },
    });
    expect(wrapped?.unwrap(text)).toBe(answer);
  });
});
