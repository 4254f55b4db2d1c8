import { setTimeout as sleep } from "node:timers/promises";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { defineProvider, type ChatModel } from "./model.ts";
import { failureError, truncatedError, type ErrorSource } from "./provider-error.ts";
import { refuseParameters } from "./refuse-parameters.ts";

const changes: { readonly [word: string]: (text: string) => string } = {
  text: (text) => text,
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  reverse: (text) => [...text].toReversed().join(""),
  last: (text) => text.trimEnd().split("\n").at(-1) ?? "",
};

/**
 * Answers with its own prompt: for tests, demonstrations and work without a key. `echo/text` gives the last user message,
 * or the text to be continued, word by word. Other words change that, several joined by `+`, as in `echo/upper+delay-20`:
 * `upper`, `lower`, `reverse`, `last` (the last line), `delay-N` (N milliseconds before the first word),
 * `fail-N` (an error as of HTTP status N), `cut` (breaks off half-way), `hang` (never ends). Tokens are counted as
 * one for four characters, begun ones whole.
 */
export const echo = defineProvider({ name: "echo", title: "Echo, which repeats what it is sent", chatModel });

interface Behaviour {
  change: (text: string) => string;
  delay: number;
  fail: number | null;
  end: "finish" | "cut" | "hang";
}

function chatModel(model: string): ChatModel {
  const behaviour = readName(model);
  const source: ErrorSource = { title: "Echo", baseUrl: "none", model, secrets: [] };
  return {
    name: `echo/${model}`,
    identity: { provider: "echo" },
    effect: "model",
    async *stream({ messages, completion, parameters }, signal) {
      signal.throwIfAborted();
      refuseParameters("echo's models have", parameters, ["reasoning_effort", "api"]);
      if (behaviour.delay > 0) await pause(behaviour.delay, signal);
      if (behaviour.fail !== null) {
        const message = `asked to fail with ${behaviour.fail}`;
        throw failureError({ status: behaviour.fail, body: { message } }, source);
      }
      const prompt = completion ?? messages.map(({ content }) => content).join("\n");
      const answer = behaviour.change(completion ?? messages.findLast(({ role }) => role === "user")?.content ?? "");
      const stopped = stopAt(answer, parameters.stop ?? []);
      const limit = (parameters.max_tokens ?? Number.POSITIVE_INFINITY) * charactersPerToken;
      const text = stopped.slice(0, limit);
      const whole = behaviour.end === "finish" ? text : text.slice(0, Math.ceil(text.length / 2));
      for (const word of whole.match(/\S*\s*/g) ?? []) {
        signal.throwIfAborted();
        if (word !== "") yield { type: "text", text: word };
      }
      if (behaviour.end === "cut") throw truncatedError(source);
      if (behaviour.end === "hang") await pause(longest, signal);
      yield {
        type: "finish",
        reason: text.length < stopped.length ? "length" : "stop",
        usage: { input: tokens(prompt), output: tokens(text) },
      };
    },
  };
}

const charactersPerToken = 4;

/** The longest a timer can wait, 24 days. */
const longest = 2 ** 31 - 1;

function tokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  }
}

function stopAt(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => (stop === "" ? -1 : text.indexOf(stop))).filter((end) => end >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}

function readName(model: string): Behaviour {
  const behaviour: Behaviour = { change: (text) => text, delay: 0, fail: null, end: "finish" };
  for (const word of model.split("+")) {
    const number = /^(delay|fail)-(\d{1,6})$/.exec(word);
    const change = Object.hasOwn(changes, word) ? changes[word] : undefined;
    if (number?.[1] === "delay") behaviour.delay = Number(number[2]);
    else if (number?.[1] === "fail") behaviour.fail = Number(number[2]);
    else if (word === "cut" || word === "hang") behaviour.end = word;
    else if (change !== undefined) {
      const before = behaviour.change;
      behaviour.change = (text) => change(before(text));
    } else
      throw new SheafError("model.unknown", `echo has no word ${JSON.stringify(word)}`, {
        cure: `Use ${Object.keys(changes).join(", ")}, delay-N, fail-N, cut or hang, several joined by +.`,
      });
  }
  return behaviour;
}
