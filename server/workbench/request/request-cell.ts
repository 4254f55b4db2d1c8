import { cellForms } from "#server/cells/index.ts";
import { templateOfMessages } from "#server/language/index.ts";
import type { Models } from "#server/models/index.ts";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { modelAt } from "./model-at.ts";
import type { PastedRequest } from "./pasted-request.ts";
import { requestMessages } from "./request-messages.ts";
import { requestSettings } from "./request-settings.ts";

/** A prompt cell as Markdown, and what a person should know of how it was made. */
export interface RequestCell {
  readonly text: string;
  readonly notices: readonly string[];
}

const head = "---\nsheaf: 1\n---\n\n";

/** The prompt cell that sends what a pasted request sends. Throws `paste.no-messages` where it has none. */
export function requestCell(request: PastedRequest, models: Pick<Models, "list">): RequestCell {
  const { messages, left } = requestMessages(request);
  if (messages.length === 0)
    throw new SheafError("paste.no-messages", "the pasted request has no messages a prompt can have", {
      cure: "A prompt is made of messages of the roles system, user and assistant.",
    });
  const { settings, left: others } = requestSettings(request);
  const model = modelAt(request, models);
  const operations: readonly Operation[] = [
    ...Object.entries({ model: model.name, ...settings }).map(([key, value]): Operation => ({
      type: "set-configuration",
      cell: "prompt",
      path: [key],
      value,
    })),
    { type: "set-source", cell: "prompt", source: templateOfMessages(messages) },
  ];
  const text = operations.reduce(
    (before, operation) => applyOperation(before, operation, { forms: cellForms }).text,
    `${head}\`\`\`prompt prompt\n\`\`\`\n`,
  );
  const lost = [...left, ...others];
  return {
    text: text.slice(head.length),
    notices: [
      ...(lost.length === 0 ? [] : [`Left out, since a prompt has no place for it: ${lost.join(", ")}.`]),
      ...(model.known ? [] : [`No endpoint called ${model.name.split("/", 1)[0]} is known here: name another model.`]),
    ],
  };
}
