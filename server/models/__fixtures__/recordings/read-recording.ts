import { readFileSync } from "node:fs";

/** A recorded answer as the body of a stream: `chat-…` and `completion` as Chat Completions sends it, others with names of events. */
export function readRecording(name: string): string {
  const lines = readFileSync(new URL(`${name}.jsonl`, import.meta.url), "utf8").split("\n").filter((line) => line !== "");
  if (/^ch|^co/.test(name)) return `${lines.map((line) => `data: ${line}\n\n`).join("")}data: [DONE]\n\n`;
  return lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join("");
}
