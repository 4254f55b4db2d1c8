import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Usage } from "#server/notebook/services.ts";
import type { Datum } from "#server/notebook/value.ts";

/** How the price of a call was worked out: lines that add up, and where the rates are from. */
export interface PriceWords {
  readonly lines: readonly PriceLine[];
  readonly source: string;
  /** What is not in it, where attempts before the answer may have been billed. */
  readonly uncertain?: string;
}

export interface PriceLine {
  /** Which tokens, and of a rate with steps for which requests it holds. */
  readonly what: string;
  readonly tokens: number;
  /** US dollars for a million; null where it cannot be read. */
  readonly rate: number | null;
}

/** What the journal keeps of a price, in words. */
export function priceWords(price: Datum, usage: Usage): PriceWords {
  const { uncertainAttempts: count } = membersOf(price);
  const words = workedOut(price, usage);
  if (typeof count !== "number") return words;
  const [attempts, are] = count === 1 ? ["one attempt", "it is"] : [`${count} attempts`, "they are"];
  return { ...words, uncertain: `Before it, ${attempts} failed that may have been billed too; ${are} not counted.` };
}

function workedOut(price: Datum, usage: Usage): PriceWords {
  const { source, reason, rates, provider, model, at } = membersOf(price);
  switch (source) {
    case "free":
      return { lines: [], source: "Free: this model costs only time." };
    case "refused":
      return { lines: [], source: "Refused by the provider before anything was billed." };
    case "workspace":
      return { lines: linesOf(membersOf(rates), usage), source: "Rates of this workspace." };
    case "genai-prices": {
      const day = typeof at === "string" ? `, as of ${at.slice(0, 10)}` : "";
      return {
        lines: linesOf(plainRates(membersOf(rates)), usage),
        source: `List price of ${String(model)} at ${String(provider)}${day} (genai-prices).`,
      };
    }
    default:
      return {
        lines: [],
        source: typeof reason === "string" ? `Unpriced: ${reason}.` : "How it was worked out is not kept.",
      };
  }
}

type Members = { readonly [key: string]: Datum | undefined };

function membersOf(datum: Datum | undefined): Members {
  return isMapping(datum) ? datum : {};
}

/** The library's names for a million tokens of each sort, as the workspace's rates have them. */
function plainRates(rates: Members): Members {
  return {
    input: rates["input_mtok"],
    output: rates["output_mtok"],
    cachedInput: rates["cache_read_mtok"],
    cacheWrite: rates["cache_write_mtok"],
    hourCacheWrite: rates["cache_write_1h_mtok"],
    inputAudio: rates["input_audio_mtok"],
    inputImage: rates["input_image_mtok"],
    outputAudio: rates["output_audio_mtok"],
    outputImage: rates["output_image_mtok"],
  };
}

function linesOf(rates: Members, usage: Usage): readonly PriceLine[] {
  const { input = 0, output = 0, cachedInput = 0, cacheWrite = 0 } = usage;
  const { hourCacheWrite = 0, audio = 0, image = 0, outputAudio = 0, outputImage = 0 } = usage;
  /** Tokens that have a rate of their own at this model. */
  const apart = (rate: string, tokens: number): number => (rates[rate] === undefined ? 0 : tokens);
  const keptLong = apart("hourCacheWrite", hourCacheWrite);
  const heard = apart("inputAudio", audio - outputAudio);
  const seen = apart("inputImage", image - outputImage);
  const spoken = apart("outputAudio", outputAudio);
  const drawn = apart("outputImage", outputImage);
  const ofInput = rates["input"];
  const lines: readonly (readonly [string, number, Datum | undefined])[] = [
    ["in", input - cachedInput - cacheWrite - heard - seen, ofInput],
    ["in, of sound", heard, rates["inputAudio"]],
    ["in, of pictures", seen, rates["inputImage"]],
    ["in, from the provider's cache", cachedInput, rates["cachedInput"] ?? ofInput],
    ["in, written to the provider's cache", cacheWrite - keptLong, rates["cacheWrite"] ?? ofInput],
    ["in, written to the provider's cache for an hour", keptLong, rates["hourCacheWrite"]],
    ["out", output - spoken - drawn, rates["output"]],
    ["out, of sound", spoken, rates["outputAudio"]],
    ["out, of pictures", drawn, rates["outputImage"]],
  ];
  return lines
    .filter(([, tokens]) => tokens > 0)
    .map(([what, tokens, rate]) => {
      const step = stepOf(rate, input);
      return { what: step.name === "" ? what : `${what}, ${step.name}`, tokens, rate: step.rate };
    });
}

/** The rate that holds for a request of so many tokens: steps are by the whole of what is read, cached or not. */
function stepOf(rate: Datum | undefined, input: number): { readonly name: string; readonly rate: number | null } {
  if (typeof rate === "number") return { name: "", rate };
  const { base, tiers } = membersOf(rate);
  const steps = (Array.isArray(tiers) ? tiers.map(membersOf) : [])
    .map(({ start, price }) => ({ start: Number(start), price: Number(price) }))
    .toSorted((one, other) => one.start - other.start);
  if (typeof base !== "number") return { name: "", rate: null };
  const held = steps.findLast(({ start }) => input > start);
  if (held !== undefined) return { name: `beyond ${number(held.start)} tokens read`, rate: held.price };
  return { name: steps.length === 0 ? "" : `up to ${number(steps[0]!.start)} tokens read`, rate: base };
}

function number(count: number): string {
  return count.toLocaleString("en");
}
