import type { KnownCapabilities, SaidBy } from "#server/models/capabilities/known-capabilities.ts";
import type { Capabilities } from "#server/models/model.ts";

/** Something a model can do, or is known not to, in a word. */
export interface CapabilityWord {
  readonly word: string;
  /** Whether it is something it cannot do. */
  readonly lacks: boolean;
  /** What that means here, and who says it. */
  readonly tip: string;
}

interface FactWords {
  readonly fact: keyof Capabilities;
  /** What stands in a form. */
  readonly label: string;
  readonly yes?: readonly [word: string, means: string];
  readonly no?: readonly [word: string, means: string];
}

/** The facts that are shown, in their order. */
export const factWords: readonly FactWords[] = [
  {
    fact: "chat",
    label: "Answers messages",
    no: ["no messages", "It does not answer messages"],
  },
  {
    fact: "completion",
    label: "Continues text",
    yes: ["continues", "It continues a text, as `completion: true` asks"],
  },
  {
    fact: "images",
    label: "Reads images",
    yes: ["images", "It reads images in messages"],
    no: ["text only", "It reads text alone: a prompt with images is refused before it is sent"],
  },
  {
    fact: "jsonSchema",
    label: "Keeps to a JSON Schema",
    yes: ["schema", "It keeps an answer to a `schema` by itself"],
    no: ["schema in words", "It takes no JSON Schema: a `schema` stands in the prompt, and the answer is checked"],
  },
  { fact: "reasoning", label: "Thinks first", yes: ["reasoning", "It thinks before it answers"] },
  {
    fact: "streaming",
    label: "Streams its answer",
    no: ["not streamed", "It does not stream: its answer is asked for whole, and shown when all of it is there"],
  },
  { fact: "tools", label: "Calls tools", yes: ["tools", "It can call tools"] },
  { fact: "embeddings", label: "Embeds texts", yes: ["embeddings", "It embeds texts, for search"] },
];

/** What is known of a model, in words; what nobody says is not among them. */
export function capabilityWords(model: KnownCapabilities): readonly CapabilityWord[] {
  return factWords.flatMap(({ fact, yes, no }) => {
    const can = model.capabilities[fact];
    // Of what embeds, and of what answers nothing, no more is said.
    if (can === false && fact === "chat" && model.capabilities.embeddings === true) return [];
    if (can === false && fact !== "chat" && model.capabilities.chat === false) return [];
    const said = can === true ? yes : can === false ? no : undefined;
    return said === undefined
      ? []
      : [{ word: said[0], lacks: can === false, tip: `${said[1]}. ${saidWords(model, fact)}` }];
  });
}

/** Who says a fact of a model, as a sentence. */
export function saidWords(model: Pick<KnownCapabilities, "saidBy" | "sources">, fact: keyof Capabilities): string {
  const by: SaidBy | undefined = model.saidBy[fact];
  switch (by) {
    case "workspace":
      return "This workspace says so.";
    case "provider":
      return "Its provider's list says so.";
    case "file":
      return "Its file says so.";
    case "documentation": {
      const { source, read } = model.sources[fact]!;
      return `Documented at ${source.replace(/^https:\/\//, "")}, ${read}.`;
    }
    case undefined:
      return "Nobody says.";
  }
}

/** Tokens as they are spoken of: `8,192`, `128k`, `1.05M`. */
export function tokensText(tokens: number): string {
  if (tokens < 10_000) return tokens.toLocaleString("en");
  const isBinary = tokens % 1_000 !== 0 && tokens % 1_024 === 0;
  if (tokens < 1_000_000) return `${Math.round(tokens / (isBinary ? 1_024 : 1_000))}k`;
  return `${Number((tokens / 1_000_000).toFixed(2))}M`;
}

/** US dollars for a million tokens: `$0.25`, `$15`, `free`; `–` where it is not known. */
export function rateText(rate: number | undefined): string {
  if (rate === undefined) return "–";
  if (rate === 0) return "free";
  if (rate < 0.1) return `$${Number(rate.toPrecision(2))}`;
  return `$${Number.isInteger(rate) ? rate : rate.toFixed(2)}`;
}
