import type { Change, NotebookView, Section } from "./view.ts";

/** Entries of a view as JSON texts by section and key: what was sent last, to compare with. */
export type SentView = Map<Section, Map<string, string>>;

export const sections: readonly Section[] = ["head", "prose", "cells", "nodes", "results", "sheets", "streams", "runs"];

/** What differs between a view and what was sent; `sent` is brought up to date. A stream that only grew is told by what came. */
export function viewChanges(view: NotebookView, sent: SentView): readonly Change[] {
  const changes: Change[] = [];
  for (const section of sections) {
    let before = sent.get(section);
    if (before === undefined) sent.set(section, (before = new Map()));
    const now: { readonly [key: string]: unknown } = view[section];
    for (const [key, value] of Object.entries(now)) {
      const text = JSON.stringify(value, exact);
      const known = before.get(key);
      if (known === text) continue;
      before.set(key, text);
      changes.push(appended(section, key, value, known) ?? { type: "set", section, key, value });
    }
    for (const key of before.keys()) {
      if (Object.hasOwn(now, key)) continue;
      before.delete(key);
      changes.push({ type: "remove", section, key });
    }
  }
  return changes;
}

function appended(section: Section, key: string, value: unknown, known: string | undefined): Change | null {
  if (section !== "streams" || known === undefined) return null;
  const before = JSON.parse(known) as string;
  const text = value as string;
  return text.startsWith(before) ? { type: "append", section, key, text: text.slice(before.length) } : null;
}

/** Only for comparing: a `bigint` is no JSON. */
function exact(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
