import { expect, test } from "vitest";
import type { ModelParameters } from "#server/notebook/services.ts";
import { live } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text, type Step } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, StreamPart } from "../model.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { fallenBack } from "./fallen-back.ts";

const down = new ModelError("model.unreachable", "connection refused", { retryable: true });
const named = (name: string, ...steps: Step[]) => scriptedModel(steps, { name });
const plainFinish: StreamPart = { type: "finish", reason: "stop", usage: { input: 1, output: 1 } };

async function read(model: ChatModel, parameters: ModelParameters = {}): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of model.stream({ messages: [], parameters }, live())) parts.push(part);
  return parts;
}

test("a model whose provider is down is answered by the next, which the answer says with the reason", async () => {
  const model = fallenBack(
    named("a/one", down),
    [named("b/two", down), named("c/three", text("Hi"), plainFinish)],
    virtualTime(),
  );
  expect(model.name).toBe("a/one");
  expect(await read(model)).toMatchObject([
    { type: "attempt", attempt: { code: "model.unreachable", message: "connection refused", next: "b/two" } },
    { type: "attempt", attempt: { next: "c/three" } },
    text("Hi"),
    { ...plainFinish, model: "c/three" },
  ]);
});

test("what the first answers is as it is", async () => {
  const second = named("b/two", finish);
  expect(await read(fallenBack(named("a/one", text("Hi"), finish), [second], virtualTime()))).toEqual([
    text("Hi"),
    finish,
  ]);
  expect(second.sent).toEqual([]);
});

test.each<[string, readonly Step[]]>([
  ["a mistake of the request", [new ModelError("model.bad-request", "no")]],
  ["a refusal by a filter", [new ModelError("model.content-filter", "no")]],
  ["a wrong key", [new ModelError("model.unauthorized", "no")]],
  ["a failure after text", [text("Hel"), down]],
])("another model is not asked after %s", async (_, steps) => {
  const second = named("b/two", finish);
  await expect(read(fallenBack(named("a/one", ...steps), [second], virtualTime()))).rejects.toBe(steps.at(-1));
  expect(second.sent).toEqual([]);
});

test("the last one's words are thrown where all are down", async () => {
  const last = new ModelError("model.overloaded", "busy too");
  await expect(read(fallenBack(named("a/one", down), [named("b/two", last)], virtualTime()))).rejects.toBe(last);
});

test("another model is asked by its own protocol, with all other parameters", async () => {
  const first = named("a/one", down);
  const second = named("b/two", text("Hi"), plainFinish);
  const parameters = { api: "responses", temperature: 0 } as const;
  const model = fallenBack(first, [second], virtualTime());
  await read(model, parameters);
  expect([first.sent[0]?.request.parameters, second.sent[0]?.request.parameters]).toEqual([
    parameters,
    { temperature: 0 },
  ]);
});

test("without others it is the model itself", () => {
  const model = named("a/one", finish);
  expect(fallenBack(model, [], virtualTime())).toBe(model);
});
