import { createSignal } from "solid-js";

const [now, setNow] = createSignal(Date.now());
setInterval(() => setNow(Date.now()), 250);

/** Milliseconds, four times a second: for what says how long it has been going on. */
export { now };
