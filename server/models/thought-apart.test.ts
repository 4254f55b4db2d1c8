import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAnswer } from "./calling/is-answer.ts";
import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { openaiChunk, openaiDelta, openaiProtocol } from "./__fixtures__/protocols.ts";
import { scriptedServer, type Script, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import type { ChatRequest, StreamPart } from "./model.ts";
import { thoughtApart } from "./thought-apart.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Which colour?" }], parameters: {} };

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

async function ask(script: Script, more: Partial<ChatRequest> = {}, got: StreamPart[] = []): Promise<StreamPart[]> {
  server.play(script);
  const model = modelsAt(server.url).chatModel("here/qwen3");
  return collect(model.stream({ ...request, ...more }, new AbortController().signal), got);
}

const reasoningOf = (parts: readonly StreamPart[]): string =>
  parts.map((part) => (part.type === "reasoning" ? part.text : "")).join("");
const said = (parts: readonly StreamPart[]) => ({ thought: reasoningOf(parts), text: textOf(parts) });
const asStream = (pieces: readonly string[]): Script => ({ chunks: [openaiProtocol.answer(pieces)] });

describe("an answer that begins with a thought between tags", () => {
  test.each<[string, string, { readonly thought: string; readonly text: string }]>([
    ["is split there", "<think>\nRed or blue.\n</think>\n\nred\n", { thought: "Red or blue.", text: "red\n" }],
    ["may have white space before", "\n\n <think>Red.</think>red", { thought: "Red.", text: "red" }],
    ["may have thought nothing", "<think>\n\n</think>\n\nred", { thought: "", text: "red" }],
    ["has tags of its own after it", "<think>a</think>b<think>c</think>", { thought: "a", text: "b<think>c</think>" }],
    ["may end inside the tag", "<think>\nRed or </thi", { thought: "Red or </thi", text: "" }],
  ])("%s", async (_, whole, expected) => {
    expect(said(await ask(asStream([whole])))).toEqual(expected);
    expect(said(await ask(asStream(Array.from(whole))))).toEqual(expected);
  });

  test("gives the thought and the text as they come", async () => {
    const parts = await ask(asStream(["<think>", "Red", " or", " blue.", "</think>", "\n\n", "re", "d"]));
    const seen = parts.flatMap((part) => ("text" in part && part.text !== "" ? [[part.type, part.text]] : []));
    expect(seen).toEqual([
      ...["Red", " or", " blue."].map((text) => ["reasoning", text]),
      ...["re", "d"].map((text) => ["text", text]),
    ]);
  });

  test("has no text where its tokens end in the tag, and says so", async () => {
    const cut = openaiDelta({ content: "<think>Red" }) + openaiDelta({}, "length");
    const parts = await ask({ chunks: [cut, openaiChunk({ choices: [] }), "data: [DONE]\n\n"] });
    expect(said(parts)).toEqual({ thought: "Red", text: "" });
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "length" });
  });

  test("is taken out of the object of its schema after that", async () => {
    const pieces = ["<think>\nThe user", " wants {}.\n</think>\n\n", '{"answer":', '"red"}'];
    const parts = await ask(asStream(pieces), { schema: { enum: ["red", "blue"] } });
    expect(said(parts)).toEqual({ thought: "The user wants {}.", text: "red" });
    expect(parts.filter(({ type }) => type === "held").map((part) => "text" in part && part.text)).toEqual(
      pieces.slice(2),
    );
  });

  test("keeps what was held back where it breaks off", async () => {
    const begins = async (pieces: readonly string[]): Promise<StreamPart[]> => {
      const got: StreamPart[] = [];
      const reading = ask({ chunks: [openaiProtocol.unfinished(pieces)], after: "cut" }, {}, got);
      await expect(reading).rejects.toMatchObject({ code: "model.truncated" });
      return got;
    };
    expect(said(await begins(["\n <th"]))).toEqual({ thought: "", text: "\n <th" });
    expect(said(await begins(["<think>Red</"]))).toEqual({ thought: "Red</", text: "" });
    // What began may be paid for, though nothing is to be seen of it: it is not asked for again.
    expect((await begins(["<think>"])).some(isAnswer)).toBe(true);
  });
});

describe("is left as it is", () => {
  test.each([
    "The tag <think>so</think> is later.",
    "<thinking>no</thinking>",
    " <thin",
    "\n\n",
    "Red.\n</think>\n\nred",
    "```\n<think>a</think>\n```",
  ])("what only looks like it: %j", async (whole) => {
    expect(said(await ask(asStream(Array.from(whole))))).toEqual({ thought: "", text: whole });
  });

  test("a text whose server tells its thought apart itself", async () => {
    const chunks = [openaiDelta({ reasoning_content: "hm" }), openaiDelta({ content: "<think>a</think>" }, "stop")];
    expect(said(await ask({ chunks: [...chunks, "data: [DONE]\n\n"] }))).toEqual({
      thought: "hm",
      text: "<think>a</think>",
    });
  });

  test("a text that was to be continued", async () => {
    const chunks = [
      openaiChunk({ choices: [{ text: "<think>a</think>b", finish_reason: "stop" }] }),
      "data: [DONE]\n\n",
    ];
    const parts = await ask({ chunks }, { messages: [], completion: "Write tags:" });
    expect(said(parts)).toEqual({ thought: "", text: "<think>a</think>b" });
  });
});

/** The rule, of a whole text. */
function rule(whole: string): { readonly thought: string; readonly text: string } {
  const [match, thought = "", text = ""] = /^\s*<think>([^]*?)(?:<\/think>([^]*))?$/.exec(whole) ?? [];
  return match === undefined ? { thought: "", text: whole } : { thought: thought.trim(), text: text.trimStart() };
}

test("thought and text are the same in whatever pieces they come", async () => {
  const word = fc.constantFrom("<think>", "</think>", "<thi", "</th", "ink>", "<", "/", " ", "\n", "red", "é", "🌍");
  const texts = fc.array(word, { maxLength: 12 }).map((words) => words.join(""));
  const begun = fc.tuple(fc.constantFrom("", "\n", " <think>", "<think>\n"), texts).map((both) => both.join(""));
  const cuts = fc.array(fc.nat({ max: 8 }));
  await fc.assert(
    fc.asyncProperty(begun, cuts, async (whole, lengths) => {
      const pieces: string[] = [];
      let rest = whole;
      for (const length of lengths) {
        pieces.push(rest.slice(0, length));
        rest = rest.slice(length);
      }
      const finish: StreamPart = { type: "finish", reason: "stop", usage: {} };
      const parts = await collect(
        thoughtApart(
          (async function* () {
            for (const text of [...pieces, rest]) yield { type: "text", text } satisfies StreamPart;
            yield finish;
          })(),
        ),
      );
      expect(said(parts)).toEqual(rule(whole));
      expect(parts.at(-1)).toBe(finish);
    }),
    { numRuns: 2_000 },
  );
});
