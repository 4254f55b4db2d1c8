import { storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { InputView } from "#server/workbench/view.ts";
import { exactJson } from "../values/exact-json";

/** The text of an input's value in its field; data as JSON, spread over lines where it is long. */
export function inputText({ type, value, json }: Pick<InputView, "type" | "value" | "json">): string {
  if (json !== undefined) return json;
  if (value === undefined) return "";
  if (type === "file" || type === "image") return storedFileOf(value)?.name ?? "";
  if (type !== "json" && type !== "messages") return value === null ? "" : String(value);
  const short = JSON.stringify(value);
  return short.length <= 60 ? short : JSON.stringify(value, null, 2);
}

/** What a text in an input's field means, or what is wrong with it, and where. */
export type ParsedInput =
  | {
      readonly value: Datum;
      /** What it is to be read from where it is: a number in it has more digits than the value. */
      readonly exact?: string;
    }
  | { readonly problem: string };

export function parseInputText({ type }: Pick<InputView, "type">, text: string): ParsedInput {
  switch (type) {
    case "number":
      if (text.trim() === "") return { problem: "Enter a number." };
      return Number.isFinite(Number(text))
        ? { value: Number(text), ...exactly(text) }
        : { problem: "This is no number: write it as 1234.5." };
    case "json":
    case "messages": {
      if (text.trim() === "") return { problem: type === "json" ? "Enter JSON." : "Enter a list of messages as JSON." };
      try {
        const value = JSON.parse(text) as Datum;
        return type === "messages" ? messagesProblem(value) : { value, ...exactly(text) };
      } catch (thrown) {
        return { problem: jsonProblem(thrown as Error, text) };
      }
    }
    case "string":
    case "boolean":
    case "choice":
    case "table":
    case "file":
    case "image":
      return { value: text };
  }
}

/** A text, where what it says in JSON is rounded. */
function exactly(text: string): { readonly exact?: string } {
  return /\d{16}/.test(text) && exactJson(text) === undefined ? { exact: text.trim() } : {};
}

const roles = ["system", "user", "assistant"];

function messagesProblem(value: Datum): ParsedInput {
  if (!Array.isArray(value)) return { problem: 'Enter a list: [{ "role": "user", "content": "Hi" }].' };
  const wrong = (value as readonly Datum[]).findIndex((message) => {
    const { role, content } = (message ?? {}) as { readonly role?: unknown; readonly content?: unknown };
    return !roles.includes(String(role)) || typeof content !== "string";
  });
  if (wrong < 0) return { value };
  return { problem: `Message ${wrong + 1} needs a "role" (${roles.join(", ")}) and a "content" that is text.` };
}

/** A browser's words for what is no JSON, with its line and column. */
function jsonProblem({ message }: Error, text: string): string {
  const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const words = message.replace(/ in JSON at position.*$| \(line.*$|, .*is not valid JSON$/s, "");
  return `This is no JSON (line ${line}, column ${column}): ${words}.`;
}
