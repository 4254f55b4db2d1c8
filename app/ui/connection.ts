import { createSignal } from "solid-js";

/** Whether the page hears the server now. True until a connection that stood is lost. */
const [isConnected, setConnected] = createSignal(true);
export { isConnected, setConnected };
