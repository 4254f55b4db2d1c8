import { createSignal } from "solid-js";
import { holdKeys } from "~/ui/type-ahead";

const [asked, setAsked] = createSignal(false);

/** Whether somebody wants to publish the open notebook: the button, the palette and menus ask the same dialog. */
export const isAskedToPublish = asked;

export function askToPublish(isAsked: boolean): void {
  if (isAsked) holdKeys();
  setAsked(isAsked);
}
