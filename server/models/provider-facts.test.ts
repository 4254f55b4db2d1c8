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

test("what came of a provider is bounded, in all and in each text, and says what was left out", () => {
  const facts = gatherFacts();
  facts.add({ id: "a", words: "w".repeat(10_000), many: Array.from({ length: 500 }, () => "x".repeat(200)) });
  for (let index = 0; index < 10_000; index += 1)
    facts.add({ [`member${index}`]: index, ["__proto__"]: { bad: true } });
  const { raw } = facts.part();
  expect(JSON.stringify(raw).length).toBeLessThanOrEqual(4_000);
  expect(raw).toMatchObject({ id: "a", words: `${"w".repeat(500)}…`, left_out: ["many"] });
  expect(({} as { bad?: unknown }).bad).toBeUndefined();
});
