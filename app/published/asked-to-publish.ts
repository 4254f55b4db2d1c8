import { createSignal } from "solid-js";

const [asked, setAsked] = createSignal(false);

/** Whether somebody wants to publish the open notebook: the button, the palette and menus ask the same dialog. */
export { asked as isAskedToPublish, setAsked as askToPublish };
