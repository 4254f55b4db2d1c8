import { describe, expect, test } from "vitest";
import { mergeParameters, readModelSetting, readParameters } from "./parameters.ts";

describe("a model's setting", () => {
  test("is a name, or a mapping with parameters", () => {
    expect(readModelSetting("local/smollm2-135m-instruct")).toEqual({
      model: "local/smollm2-135m-instruct",
      parameters: {},
    });
    expect(readModelSetting({ model: "openai/gpt-5-mini", temperature: 0, stop: "\n", seed: null })).toEqual({
      model: "openai/gpt-5-mini",
      parameters: { temperature: 0, stop: ["\n"] },
    });
    expect(readModelSetting({ model: "a/b", reasoning_effort: "low", api: "responses" })).toEqual({
      model: "a/b",
      parameters: { reasoning_effort: "low", api: "responses" },
    });
  });

  test.each([
    [["a"], /name or a mapping/],
    [{ temperature: 0 }, /no name/],
    [{ model: "a/b", temprature: 0 }, /temprature/],
    [{ model: "a/b", temperature: 3 }, /temperature/],
    [{ model: "a/b", max_tokens: 0 }, /max_tokens/],
    [{ model: "a/b", max_tokens: 1.5 }, /max_tokens/],
    [{ model: "a/b", stop: [""] }, /stop/],
    [{ model: "a/b", reasoning_effort: "" }, /reasoning_effort/],
    [{ model: "a/b", api: "grpc" }, /api/],
  ])("of %j is an error that names the member", (setting, message) => {
    expect(() => readModelSetting(setting)).toThrow(
      expect.objectContaining({
        code: "model.setting",
        message: expect.stringMatching(message),
        cure: expect.any(String),
      }),
    );
  });

  test("offers the nearest parameter", () => {
    expect(() => readParameters({ temprature: 0 })).toThrow(
      expect.objectContaining({ cure: "Did you mean temperature?" }),
    );
  });

  test("gives way to the cell's own parameters, one by one", () => {
    expect(mergeParameters({ temperature: 0, max_tokens: 5 }, { temperature: 1 })).toEqual({
      temperature: 1,
      max_tokens: 5,
    });
    expect(mergeParameters({ temperature: 0 }, {})).toEqual({ temperature: 0 });
  });
});
