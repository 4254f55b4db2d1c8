import type { CallsEstimate } from "#server/models/estimate.ts";
import { amountRange, amountText } from "#server/notebook/amount-text.ts";
import { basisWords, weakest } from "#server/notebook/estimate-basis.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { Money } from "#server/runner/run-money.ts";
import type { RunEnd, RunEstimate } from "#server/store/store.ts";

/** What a run would send and cost, in words: `12 calls, $0.0031 to $0.02, about 1,200 tokens in; 40 more are in the journal.` */
export function estimateText({ known, open }: Estimate): string {
  const refused = (known.refused ?? []).map((one) => ` ${calls(one.calls)} would be refused: ${one.because}.`).join("");
  if (known.calls === 0)
    return `Up to ${calls(open)}, which hang on answers to come${also(known.cached, "in the journal")}.${refused}`;
  const parts = [
    `${known.sampled ? "about " : ""}${calls(known.calls)}${embeddedText(known)}`,
    amountRange(known.cost),
  ];
  if (known.unpriced.length > 0) parts.push(`not counting ${known.unpriced.join(", ")}, whose price is not known`);
  parts.push(...amounts(known));
  const more = open === 0 ? "" : `; up to ${open} more hang on answers to come`;
  return `${open > 0 ? "At least " : ""}${parts.join(", ")}${also(known.equal, "equal to one of these")}${also(known.cached, "in the journal")}${more}.${refused}`;
}

/** What some of the calls embed; empty where none do. */
function embeddedText({ embedded }: CallsEstimate): string {
  if (embedded === undefined) return "";
  const { texts, atMost } = embedded;
  return ` (embedding ${atMost ? "at most " : ""}${texts.toLocaleString("en")} ${texts === 1 ? "text" : "texts"})`;
}

/** Tokens and time, as far as more is known of them than an assumption; where they cost money, with what that rests on. */
function amounts({ models, cost, seconds }: CallsEstimate): readonly string[] {
  const calling = models.filter((model) => model.calls > 0);
  const basis = (end: "input" | "output") => weakest(calling.map((model) => model.basis[end]));
  const total = (end: "input" | "output"): string =>
    Math.round(calling.reduce((sum, model) => sum + model[end].likely, 0)).toLocaleString("en");
  const words = (end: "input" | "output"): string => (cost.high === 0 ? "" : ` (${basisWords(basis(end))})`);
  const parts = [`about ${total("input")} tokens in${words("input")}`];
  if (basis("output") !== "assumed") parts.push(`${total("output")} out${words("output")}`);
  else if (cost.high > 0) parts.push("answers' length assumed");
  if (seconds !== null) {
    const { likely } = seconds;
    parts.push(`${likely < 1 ? "less than 1" : Math.round(likely).toLocaleString("en")} s`);
  }
  return parts;
}

/** What a run was to come to, and what it came to, which is that of a part where it was stopped; empty where it was to cost nothing, and did. */
export function estimateBesideTruth(
  { cost: said, open }: RunEstimate,
  { cost, unpriced }: Pick<Money, "cost" | "unpriced">,
  outcome: RunEnd["outcome"],
): string {
  if (said.high === 0 && cost === 0) return "";
  const least = open > 0 ? "at least " : "";
  const [all, part] = outcome === "done" ? ["", ""] : [" for all of it", " for what was run"];
  const truth = `${amountText(cost)}${unpriced === 0 ? "" : ` and ${unpriced} unpriced`}`;
  return `Estimated ${least}${amountRange(said)}${all}, was ${truth}${part}.`;
}

function calls(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "call" : "calls"}`;
}

function also(count: number, what: string): string {
  return count === 0 ? "" : `; ${count.toLocaleString("en")} more ${count === 1 ? "is" : "are"} ${what}`;
}
