import type { Capabilities, ChatModel } from "../model.ts";
import { familyCapabilities } from "./family-capabilities.ts";

/** Who says something of a model: the workspace, its provider's list of models, its file, or documentation by its name. */
export type SaidBy = "workspace" | "provider" | "file" | "documentation";

/** What is known of a model, and by whom each of it is said. */
export interface KnownCapabilities {
  readonly capabilities: Capabilities;
  readonly saidBy: { readonly [Fact in keyof Capabilities]?: SaidBy };
  /** Where what is documented stands, and when that was read. */
  readonly sources: { readonly [Fact in keyof Capabilities]?: { readonly source: string; readonly read: string } };
}

/** What is said of models besides by themselves. */
export interface ModelFacts {
  /** What the workspace says of the model of a full name. */
  readonly own?: (name: string) => Capabilities | undefined;
  /** What its provider's server said of it when it was asked for its models. */
  readonly listed?: (model: Pick<ChatModel, "name" | "identity">) => Capabilities | undefined;
  /** Whether the workspace has a price of its own for the model of a full name: it costs money, wherever it is. */
  readonly hasPrice?: (name: string) => boolean;
}

/** Joins what is said of a model: the workspace goes before its provider, that before its file, and documentation is last. */
export function knownCapabilities(
  model: Pick<ChatModel, "name" | "identity" | "capabilities">,
  { own, listed }: ModelFacts = {},
): KnownCapabilities {
  const family = familyCapabilities(model);
  const said: readonly (readonly [SaidBy, Capabilities | undefined])[] = [
    ["documentation", family.capabilities],
    ["file", model.capabilities],
    ["provider", listed?.(model)],
    ["workspace", own?.(model.name)],
  ];
  const capabilities: { [fact: string]: unknown } = {};
  const saidBy: { [fact: string]: SaidBy } = {};
  for (const [by, facts = {}] of said)
    for (const [fact, value] of Object.entries(facts)) {
      capabilities[fact] = value;
      saidBy[fact] = by;
    }
  const sources = Object.entries(family.sources).filter(([fact]) => saidBy[fact] === "documentation");
  return { capabilities, saidBy, sources: Object.fromEntries(sources) };
}
