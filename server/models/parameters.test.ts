import { describe, expect, test } from "vitest";
import { readParameters } from "./parameters.ts";

describe("parameters", () => {
  test("are those that are set, a single stop as a list of one", () => {
    expect(readParameters({ temperature: 0, stop: "\n", seed: null })).toEqual({ temperature: 0, stop: ["\n"] });
    expect(readParameters({ reasoning_effort: "low", api: "responses" })).toEqual({
      reasoning_effort: "low",
      api: "responses",
    });
  });

  test.each([
    [{ temprature: 0 }, /temprature/],
    [{ temperature: 3 }, /temperature/],
    [{ max_tokens: 0 }, /max_tokens/],
    [{ max_tokens: 1.5 }, /max_tokens/],
    [{ stop: [""] }, /stop/],
    [{ reasoning_effort: "" }, /reasoning_effort/],
    [{ api: "grpc" }, /api/],
  ])("of %j are an error that names the member", (parameters, message) => {
    expect(() => readParameters(parameters)).toThrow(
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
});
