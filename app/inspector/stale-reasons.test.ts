import { expect, test } from "vitest";
import { staleReasons, type ReadNames } from "./stale-reasons.ts";

const names: ReadNames = { inputs: ["message"], nodes: { examples: { settled: true }, known: { settled: false } } };

const said = (reasons: readonly string[], of = names): string[] =>
  staleReasons(reasons, of).map(({ before, name, after }) =>
    [before, name === null ? "" : `<${name}>`, after].filter((part) => part !== "").join(" "),
  );

test("each reason says what changed, and names what can be gone to", () => {
  expect(
    said([
      "message",
      "examples",
      "known",
      "source",
      "settings",
      "model",
      "vary.shots",
      "meta(topic)",
      "rows(triage)",
      "text",
    ]),
  ).toEqual([
    "the input <message> changed",
    "<examples> gives another value now",
    "<known> is not up to date itself",
    "its text was edited",
    "its settings were changed",
    "its model, or what the model's short name stands for, was changed",
    "the value of its label on shots changed",
    "cost, tokens or time of <topic> are others",
    "its list of rows changed, or is not up to date itself",
    "<text> changed",
  ]);
});

test("an input or a cell that has the name of a part is told from it", () => {
  const of = { inputs: ["source"], nodes: { model: { settled: true }, settings: { settled: false } } };
  expect(said(["source", "value(source)", "model", "value(model)", "settings"], of)).toEqual([
    "its text was edited",
    "the input <source> changed",
    "its model, or what the model's short name stands for, was changed",
    "<model> gives another value now",
    "<settings> is not up to date itself",
  ]);
});
