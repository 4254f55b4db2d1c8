import { templateOfMessages } from "#server/language/index.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import type { Operation } from "#server/notebook/operation.ts";
import type { Datum } from "#server/notebook/value.ts";
import { hasLabel, sweptParameters } from "./compare-edits";
import type { Turn } from "./conversations";

/** What a variant is made of. */
export interface KeptVariant {
  readonly name: string;
  readonly at: Coordinates;
  /** The settings of the compared cell, and the text of the variant's wording. */
  readonly configuration: { readonly [key: string]: Datum };
  readonly source: string;
}

const head = "---\nsheaf: 1\n---\n\n";

/**
 * The Markdown of a prompt that is one variant of another: its model, its values of what is swept, its wording, with what was said after
 * it as further messages. Other axes keep their one label, for the text reads it.
 */
export function keptCell({ name, at, configuration, source }: KeptVariant, turns: readonly Turn[]): string {
  const operations: readonly Operation[] = [
    ...Object.entries(settingsAt(configuration, at)).map(([key, value]): Operation => ({
      type: "set-configuration",
      cell: name,
      path: [key],
      value,
    })),
    { type: "set-source", cell: name, source: withTurns(source, turns) },
  ];
  const text = operations.reduce(
    (before, operation) => applyOperation(before, operation).text,
    `${head}\`\`\`prompt ${name}\n\`\`\`\n`,
  );
  return text.slice(head.length);
}

function settingsAt(configuration: KeptVariant["configuration"], at: Coordinates): { [key: string]: Datum } {
  const { models, vary, repeat: _, ...rest } = configuration;
  const settings: { [key: string]: Datum } = { ...rest };
  const model = Array.isArray(models) ? (models as readonly Datum[]).find((each) => hasLabel(each, at["model"])) : null;
  if (typeof model === "string") settings["model"] = model;
  // A model with parameters of its own is one entry of a list.
  else if (model != null) settings["models"] = [model];
  const left: { [axis: string]: Datum } = {};
  for (const [axis, values] of Object.entries((vary ?? {}) as { readonly [axis: string]: readonly Datum[] })) {
    const value = values.find((each) => hasLabel(each, at[axis]));
    if (value === undefined) continue;
    if (axis in sweptParameters && settings[axis] === `=vary.${axis}`) settings[axis] = value;
    else left[axis] = [value];
  }
  return Object.keys(left).length > 0 ? { ...settings, vary: left } : settings;
}

function withTurns(source: string, turns: readonly Turn[]): string {
  if (turns.length === 0) return source;
  const said = turns.flatMap((turn) => [
    { role: "assistant", content: turn.answer } as const,
    { role: "user", content: turn.said } as const,
  ]);
  const roles = /^[ \t]*(system|user|assistant):[ \t]*$/m.test(source);
  return `${roles ? "" : "user:\n"}${source.trimEnd()}\n\n${templateOfMessages(said)}`;
}
