import { startLocalModels } from "./local-models.ts";

// A program that asks a local model, for the test that nothing else is written.
const local = startLocalModels();
const request = {
  messages: [],
  completion: "Message: my card was stolen\nTopic: lost card\n\nMessage: my card is lost\nTopic:",
  parameters: { stop: ["\n"] },
};
let text = "";
for await (const part of local.chatModel("smollm2-135m-instruct").stream(request, new AbortController().signal))
  if (part.type === "text") text += part.text;
process.stdout.write(`${text}\n`);
await local.close();
