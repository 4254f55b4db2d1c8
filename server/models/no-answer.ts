import { ModelError } from "./model-error.ts";

/** The error of what came to its end and is no answer all the same. It may be paid for, and is not sent again by itself. */
export function noAnswer(words: string): ModelError {
  return new ModelError("model.no-answer", words, {
    cure: "Run it again, say it otherwise, or use another model. All that came stands with its call.",
  });
}
