import { expect, test } from "vitest";
import { gatherFacts } from "./provider-facts.ts";

test("what came of a provider is kept as it was sent, later members over earlier ones, and null says nothing", () => {
  const facts = gatherFacts();
  expect(facts.part()).toEqual({});
  facts.add({ id: "a", service_tier: "default", usage: { input: 1, output: 0 }, error: null });
  facts.add({ id: "b", usage: { output: 7, details: { cached: 0 } }, service_tier: null });
  expect(facts.part()).toEqual({
    raw: { id: "b", service_tier: "default", usage: { input: 1, output: 7, details: { cached: 0 } } },
  });
});

test("what came of a provider is kept whole, however long its parts are", () => {
  const facts = gatherFacts();
  const said = {
    ...{ words: "w".repeat(10_000), many: Array.from({ length: 500 }, () => "x".repeat(200)) },
    inside: Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`member${index}`, index])),
  };
  facts.add(said);
  expect(facts.part()).toEqual({ raw: said });
});

test("what came of a provider is bounded: what is short stays, and what is long says how long it was", () => {
  const facts = gatherFacts();
  const errors = Array.from({ length: 300 }, (_, index) => ({ index, said: '"'.repeat(5_000) }));
  facts.add({
    id: "a",
    words: "w".repeat(3_000_000),
    usage: { input: 1 },
    deep: { errors, quotes: '"'.repeat(900_000) },
  });
  for (let index = 0; index < 10_000; index += 1)
    facts.add({ [`member${index}`]: index, ["__proto__"]: { bad: true } });
  const { raw } = facts.part();
  const { length } = JSON.stringify(raw);
  expect([length <= 1_000_000, length > 900_000]).toEqual([true, true]);
  expect(raw).toMatchObject({
    ...{
      id: "a",
      usage: { input: 1 },
      member500: 500,
      words: expect.stringMatching(/^w{9999}w+… of 3000000 characters$/),
    },
    deep: { quotes: expect.stringMatching(/^"+… of 900000 characters$/) },
  });
  const kept = (raw!["deep"] as { readonly errors: readonly unknown[] }).errors;
  expect(kept[0]).toEqual(errors[0]);
  expect(kept.at(-1)).toBe("… of 300 items");
  expect(({} as { bad?: unknown }).bad).toBeUndefined();
});

test("what goes on coming of a provider is bounded as it comes: its last words are kept, and how many were left out is said", () => {
  const facts = gatherFacts();
  const long = "v".repeat(900_000);
  facts.add({ id: "a", usage: { input: 1 } });
  let deep: object = { last: long };
  for (let depth = 0; depth < 90; depth += 1)
    deep = { inside: deep, ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`at${index}`, long])) };
  for (let index = 0; index < 700; index += 1) facts.add({ [`member${index}`]: `${long}${index}`, deep });
  for (let index = 0; index < 2_000; index += 1) facts.add({ choice: { delta: {} }, again: `${long}${index}` });
  facts.add({ usage: { input: 2, output: 7 }, finish: "stop" });
  const { raw } = facts.part();
  expect(raw).toMatchObject({ id: "a", usage: { input: 2, output: 7 }, finish: "stop", choice: { delta: {} } });
  expect(raw!["…"]).toMatch(/^… and \d+ members more$/);
  expect(JSON.stringify(raw).length).toBeLessThanOrEqual(1_000_000);
});

test("of many new names in one event no more are kept than may be, and that is soon known", () => {
  const facts = gatherFacts();
  facts.add(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`m${index}`, index])));
  expect(Object.keys(facts.part().raw!)).toHaveLength(1_001);
  expect(facts.part().raw!["…"]).toBe("… and 99000 members more");
});

test("what is deeper than anything is said ends there", () => {
  const facts = gatherFacts();
  facts.add(JSON.parse(`${'{"a":['.repeat(3_000)}1${"]}".repeat(3_000)}`) as { readonly a: unknown });
  expect(JSON.stringify(facts.part().raw)).toMatch(/^(\{"a":\[){50}\{"a":"…"\}(\]\}){50}$/);
});
