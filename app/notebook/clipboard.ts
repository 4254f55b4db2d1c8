import type { PageHands } from "~/actions/page-hands";

/** What was copied here last: for browsers that let pages write to the clipboard and not read it. */
let own: string | null = null;

/** What the browser just gave with its own gesture for pasting. */
let given: string | null = null;

/** Does something while what is read from the clipboard is what the browser gave: then it need not be asked whether it may be read. */
export function withPasted(text: string, work: () => void): void {
  given = text;
  work();
  given = null;
}

/** The clipboard of the machine, and where a page may not use it, one of the page's own. */
export const clipboard: PageHands["clipboard"] = {
  async write(text) {
    own = text;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // It is kept here, and pasting on this page takes it.
    }
  },
  async read() {
    if (given !== null) return given === "" ? own : given;
    try {
      const text = await navigator.clipboard.readText();
      return text === "" ? own : text;
    } catch {
      return own;
    }
  },
};
