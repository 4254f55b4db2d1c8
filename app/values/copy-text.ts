import { toasts } from "~/ui/toasts";

/** Puts a text on the clipboard and says so, or why not. */
export async function copyText(text: string, said = "Copied."): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.say(said);
  } catch (thrown) {
    toasts.problem({
      code: "page.clipboard",
      message: `the browser did not let it be copied (${(thrown as Error).message})`,
      cure: "Allow this page to use the clipboard, or select the text and copy it.",
    });
  }
}
