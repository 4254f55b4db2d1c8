import { createStore } from "solid-js/store";
import type { NotebookStore } from "~/notebook/notebook-store";
import { wholeValue } from "~/results/whole-value";
import { valueText } from "~/values/value-summary";

/** Answers on one notebook's page as whole texts. */
export interface WholeAnswers {
  /** The text at an address, empty where there is no answer; null while the page has only its beginning. */
  text(address: string): string | null;
  /** The same, after asking for the rest. Throws what the server says. */
  whole(address: string): Promise<string>;
}

export function createWholeAnswers(store: Pick<NotebookStore, "path" | "view">): WholeAnswers {
  const [asked, setAsked] = createStore<{ [address: string]: { readonly of: string; readonly text: string } }>({});
  /** What the page has of an answer, with the length of all of it where that is only the beginning. */
  function shown(address: string): { readonly text: string; readonly of: string | null } {
    const { value = null, full = null } = store.view.results[address] ?? {};
    const text = value === null ? "" : valueText(value);
    return { text, of: value?.type === "string" && full !== null ? `${full} ${text}` : null };
  }
  return {
    text(address) {
      const { text, of } = shown(address);
      if (of === null) return text;
      return asked[address]?.of === of ? asked[address]!.text : null;
    },
    async whole(address) {
      const { text, of } = shown(address);
      if (of === null) return text;
      const value = await wholeValue(store.path, store.view.results[address]!);
      const all = value === null ? "" : valueText(value);
      setAsked(address, { of, text: all });
      return all;
    },
  };
}
