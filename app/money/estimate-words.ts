import type { CallsEstimate } from "#server/models/estimate.ts";
import { aboutDollars, dollarRange, dollars } from "./dollars";

/** What a run would send, as the server worked it out. */
export interface EstimateView {
  readonly known: Pick<CallsEstimate, "calls" | "cached" | "equal" | "cost" | "unpriced" | "refused" | "embedded"> & {
    /** Whether of many rows a sample was looked at. */
    readonly sampled?: boolean;
  };
  readonly open: number;
}

/** What stands on a run button and beside it. */
export interface EstimateWords {
  /** How many calls, `12`, `≈ 12` by a sample, `12+` where answers decide about more, or `up to 4`; empty where nothing would be sent. */
  readonly calls: string;
  /** `free`, `≈ $0.04`, `unpriced`; empty where nothing would be sent. */
  readonly cost: string;
  /** `2 from cache`; empty where none are. */
  readonly cached: string;
  /** All of it in a sentence. */
  readonly sentence: string;
}

/** An estimate in the words of a button. Where some of the calls have no price it says so rather than a number that is too small. */
export function estimateWords({ known, open }: EstimateView): EstimateWords {
  const cached = known.cached === 0 ? "" : `${number(known.cached)} from cache`;
  if (known.calls + open === 0)
    return {
      calls: "",
      cost: "",
      cached,
      sentence: `${cached === "" ? "Nothing would be sent." : `Nothing would be sent: ${cached}.`}${refusedWords(known)}`,
    };
  const about = known.sampled === true ? "≈ " : "";
  const calls = known.calls === 0 ? `up to ${number(open)}` : `${about}${number(known.calls)}${open > 0 ? "+" : ""}`;
  const cost = known.calls === 0 ? "" : costWords(known, open);
  const more = open === 0 || known.calls === 0 ? "" : `, and up to ${number(open)} more that ${depend(open)}`;
  const counted =
    known.calls === 0
      ? `up to ${plural(open, "call")}, which ${depend(open)}`
      : `${known.sampled === true ? "about " : ""}${plural(known.calls, "call")}${embeddedWords(known)}, ${costRange(known)}${more}`;
  return { calls, cost, cached, sentence: `${counted}${cached === "" ? "" : `; ${cached}`}.${refusedWords(known)}` };
}

function depend(count: number): string {
  return `${count === 1 ? "depends" : "depend"} on answers to come`;
}

/** What some of the calls embed; empty where none do. */
function embeddedWords({ embedded }: EstimateView["known"]): string {
  if (embedded === undefined) return "";
  return ` (embedding ${embedded.atMost ? "at most " : ""}${plural(embedded.texts, "text")})`;
}

/** What could not be answered, and why; empty where all can be. */
function refusedWords({ refused = [] }: EstimateView["known"]): string {
  return refused.map(({ calls, because }) => ` ${plural(calls, "call")} would be refused: ${because}.`).join("");
}

/** Where answers decide about more calls it is what those that are known cost at least. */
function costWords({ cost, unpriced }: EstimateView["known"], open: number): string {
  if (unpriced.length > 0) return cost.likely === 0 ? "unpriced" : `${aboutDollars(cost.likely)} + unpriced`;
  if (cost.high === 0) return "free";
  return open > 0 ? `≥ ${dollars(cost.likely)}` : aboutDollars(cost.likely);
}

function costRange({ cost, unpriced }: EstimateView["known"]): string {
  const without = unpriced.length === 0 ? "" : `, not counting ${unpriced.join(", ")}, whose price is not known`;
  if (cost.high === 0) return unpriced.length === 0 ? "free" : `of unknown price (${unpriced.join(", ")})`;
  return dollarRange(cost) + without;
}

/** `1 call`, `1,200 calls`. */
export function plural(count: number, one: string): string {
  return `${number(count)} ${one}${count === 1 ? "" : "s"}`;
}

function number(count: number): string {
  return count.toLocaleString("en");
}
