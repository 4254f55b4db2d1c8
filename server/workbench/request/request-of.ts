import { imageInput, noFiles } from "#server/models/image-input.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { PromptPreview } from "#server/runner/prompt-preview.ts";
import type { ModelRequest } from "./request-code.ts";

/** The request a prompt would send. Throws `copy.no-request` where there is none, and the prompt's own error. */
export function requestOf(preview: PromptPreview): ModelRequest {
  switch (preview.type) {
    case "call": {
      const { model, parameters, schema, completion, images = [] } = preview;
      const messages = preview.messages.map(({ role, content }) => ({ role, content }));
      return {
        model,
        parameters,
        ...(schema === undefined ? {} : { schema }),
        // Code that is copied has places for pictures, and not their bytes.
        ...(images.length === 0 ? {} : { images: images.map((image) => imageInput(image, noFiles)) }),
        ...(completion ? { messages: [], completion: messages[0]!.content } : { messages }),
      };
    }
    case "waits":
      throw new SheafError("copy.no-request", `nothing can be sent yet: ${preview.because.join(", ")} has no value`, {
        cure: "Run what it reads first.",
      });
    case "skipped":
      throw new SheafError("copy.no-request", "the prompt is skipped here: nothing is sent", {
        cure: "Choose a variant that is not.",
      });
    case "error": {
      const { code, message, cure } = preview.error;
      throw new SheafError(code, message, cure === undefined ? {} : { cure });
    }
  }
}
