import { expect, test } from "vitest";
import { asSentence } from "./as-sentence";

test.each([
  ["there is no input or cell `name`", "There is no input or cell `name`."],
  ["the run's budget is spent", "The run's budget is spent."],
  ["`topic` reads itself", "`topic` reads itself."],
  ["local/gemma-3-270m is a base model", "local/gemma-3-270m is a base model."],
  ["Is it still running?", "Is it still running?"],
])("%s", (text, sentence) => expect(asSentence(text)).toBe(sentence));
