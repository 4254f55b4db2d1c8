import { createStore } from "solid-js/store";

const [drafts, setDrafts] = createStore<{ [of: string]: string }>({});

/** What is typed as a comment and not kept yet, by what it is on: other results are looked at meanwhile. */
export function commentDraft(of: string): string {
  return drafts[of] ?? "";
}

export function typeComment(of: string, text: string): void {
  setDrafts(of, text);
}

/** Takes what is typed and keeps it, once; what is not kept is put back before what was typed since. */
export async function keepComment(of: string, keep: (text: string) => Promise<boolean>): Promise<void> {
  const text = commentDraft(of).trim();
  if (text === "") return;
  typeComment(of, "");
  let isKept = false;
  try {
    isKept = await keep(text);
  } finally {
    if (!isKept) typeComment(of, `${text} ${commentDraft(of)}`.trimEnd());
  }
}
