import { expect, test } from "vitest";
import { ModelError } from "#server/models/model-error.ts";
import { gatewayProblem } from "./gateway-problem.ts";

test("an answer that could not be written is not asked for anew by clients, which would pay for it again", () => {
  expect(gatewayProblem(new ModelError("model.unwritten", "the disk is full"))).toMatchObject({
    status: 502,
    headers: { "x-should-retry": "false" },
  });
  expect(gatewayProblem(new ModelError("model.provider-failed", "it fell over")).headers).toEqual({});
});
