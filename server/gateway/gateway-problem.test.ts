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
