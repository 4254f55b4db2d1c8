import { describe, expect, test } from "vitest";
import type { KnownCapabilities } from "#server/models/capabilities/known-capabilities.ts";
import type { Capabilities } from "#server/models/model.ts";
import { modelsOfSettings, notTaken } from "./not-taken";

const said = (capabilities: Capabilities): KnownCapabilities => ({
  capabilities,
  saidBy: Object.fromEntries(Object.keys(capabilities).map((fact) => [fact, "provider"])),
  sources: {},
});
const known = {
  "a/plain": said({ images: false, reasoning: false, jsonSchema: false, completion: false }),
  "a/other": said({ reasoning: false }),
  "a/deep": said({ reasoning: true }),
  "a/new": said({}),
};

describe("a field of a prompt", () => {
  test.each([
    ["reasoning_effort", "a/plain does not think before it answers. Its provider's list says so."],
    ["images", "a/plain reads text alone. Its provider's list says so."],
    ["completion", "a/plain answers messages and does not continue text. Its provider's list says so."],
  ])("%s is not offered where its model is known not to take it, with who says so", (key, reason) => {
    expect(notTaken(key, ["a/plain"], known)).toEqual({ reason, isOffered: false });
  });

  test("is offered where nothing is known of the model, or not yet, or an expression gives it", () => {
    for (const name of ["a/new", "a/unheard", "a/deep", null])
      expect(notTaken("reasoning_effort", [name], known)).toBeNull();
    expect(notTaken("temperature", ["a/plain"], known)).toBeNull();
    expect(notTaken("images", [], known)).toBeNull();
  });

  test("is offered with the reason where only some of its models do not take it", () => {
    expect(notTaken("reasoning_effort", ["a/plain", "a/deep"], known)).toEqual({
      reason: expect.stringMatching(/^a\/plain does not think/),
      isOffered: true,
    });
    expect(notTaken("reasoning_effort", ["a/plain", null], known)?.isOffered).toBe(true);
    expect(notTaken("reasoning_effort", ["a/plain", "a/other"], known)).toEqual({
      reason: expect.stringMatching(/a\/plain does not.*a\/other does not/),
      isOffered: false,
    });
  });

  test("`schema` is always offered: what a model takes no schema of stands in its words, which is said", () => {
    expect(notTaken("schema", ["a/plain"], known)).toEqual({
      reason: expect.stringContaining("stands in the prompt"),
      isOffered: true,
    });
  });
});

test.each<[string, Parameters<typeof modelsOfSettings>[0], readonly (string | null)[]]>([
  ["a name", { model: "a/plain" }, ["a/plain"]],
  ["a short name", { model: "small" }, ["a/plain"]],
  ["a short name with parameters", { model: "big" }, ["a/deep"]],
  ["those compared", { models: ["small", { model: "a/deep", label: "D" }, "a/plain"] }, ["a/plain", "a/deep"]],
  ["those compared, by their label", { model: "=model", models: ["small"] }, ["a/plain"]],
  ["an expression", { model: "=row.model" }, [null]],
  ["none", {}, []],
])("the models of settings are read of %s", (_, settings, names) => {
  expect(modelsOfSettings(settings, { small: "a/plain", big: { model: "a/deep", temperature: 0 } })).toEqual(names);
});
