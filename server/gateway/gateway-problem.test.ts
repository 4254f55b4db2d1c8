import { expect, test } from "vitest";
import { ModelError } from "#server/models/model-error.ts";
import { gatewayProblem } from "./gateway-problem.ts";

test("an answer that could not be written, or is none, is not asked for anew by clients, which would pay for it again", () => {
  for (const code of ["model.unwritten", "model.no-answer"] as const)
    expect(gatewayProblem(new ModelError(code, "so it is"))).toMatchObject({
      status: 502,
      headers: { "x-should-retry": "false" },
    });
  expect(gatewayProblem(new ModelError("model.provider-failed", "it fell over")).headers).toEqual({});
});

test("what was sent again here, and an account that is empty, is not sent again by clients, except after a wait that is known", () => {
  const headersOf = (error: ModelError) => gatewayProblem(error).headers;
  const overloaded = { retryable: true } as const;
  expect(headersOf(new ModelError("model.overloaded", "busy", overloaded))).toEqual({ "x-should-retry": "false" });
  expect(headersOf(new ModelError("model.quota", "no credit left"))).toEqual({ "x-should-retry": "false" });
  const wait = { ...overloaded, retryAfter: 1_500 };
  expect(headersOf(new ModelError("model.rate-limited", "slow down", wait))).toEqual({ "retry-after": "2" });
});
