import { createSignal } from "solid-js";

export type InspectorTab = "row" | "result" | "prompt" | "history" | "cost" | "settings";

const [tab, setTab] = createSignal<InspectorTab>("result");

/** The inspector's tab; kept from one thing to the next, for whoever compares costs goes on comparing them. */
export { tab as inspectorTab, setTab as showInspectorTab };
