import { createMemo, type Accessor, type Resource } from "solid-js";

/** What last came of what is asked of the server, also while it is asked for again and where that failed. */
export function lastOf<Of>(from: Resource<Of>): Accessor<Of | undefined> {
  return createMemo<Of | undefined>((before) => (from.state === "ready" ? from.latest : before));
}
