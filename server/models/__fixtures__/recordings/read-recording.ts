import { readFileSync } from "node:fs";

/** A recorded answer as a body: `whole-…` as it is, `chat-…` and `completion` as the stream of Chat Completions, others as one with names of events. */
export function readRecording(name: string): string {
  const lines = readFileSync(new URL(`${name}.jsonl`, import.meta.url), "utf8").split("\n").filter((line) => line !== "");
  if (name.startsWith("whole-")) return lines.join("");
  if (/^ch|^co/.test(name)) return `${lines.map((line) => `data: ${line}\n\n`).join("")}data: [DONE]\n\n`;
  return lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join("");
}
