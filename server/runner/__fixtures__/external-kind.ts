import { z } from "zod";
import { addressText } from "#server/notebook/address.ts";
import { cellForms, cellKinds } from "#server/cells/index.ts";
import type { CellForms } from "#server/notebook/cell-forms.ts";
import { defineCellKind, type CellKind } from "#server/notebook/cell-kind.ts";

/** A kind `send` that reaches outside, until it is disposed of. */
export interface ExternalKind extends Disposable {
  /** Whether it fails from now on. */
  fails: boolean;
  /** The addresses at which it was run since the last time this was asked. */
  sent(): readonly string[];
}

export function externalKind(): ExternalKind {
  const sent: string[] = [];
  const kinds = cellKinds as Map<string, CellKind>;
  const forms = cellForms as Map<string, CellForms extends ReadonlyMap<string, infer Form> ? Form : never>;
  const send = defineCellKind<{ readonly to?: unknown }>({
    kind: "send",
    version: 1,
    title: "Send",
    description: "Sends something.",
    body: "none",
    configuration: z.strictObject({ to: z.unknown() }),
    fields: [{ key: "to", label: "To", control: "expression" }],
    effect: () => "external",
    *run({ items }) {
      for (const [item, { address, configuration }] of items.entries()) {
        sent.push(addressText(address));
        if (external.fails) yield { type: "error", item, error: { code: "send.failed", message: "not sent" } };
        else yield { type: "value", item, value: { type: "string", value: `sent to ${String(configuration.to)}` } };
      }
    },
  });
  kinds.set(send.kind, send as unknown as CellKind);
  forms.set(send.kind, { body: send.body, names: [] });
  const external: ExternalKind = {
    fails: false,
    sent: () => sent.splice(0),
    [Symbol.dispose]() {
      kinds.delete(send.kind);
      forms.delete(send.kind);
    },
  };
  return external;
}
