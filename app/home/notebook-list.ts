import { createMemo, createResource, createRoot } from "solid-js";
import { api } from "~/api";

/** The workspace's notebooks as they are now, for whoever shows them. */
export const notebookList = createRoot(() => {
  const [notebooks, { refetch }] = createResource(() => api.notebooks.list.query());
  api.notebooks.changes.subscribe(undefined, { onData: () => void refetch(), onError: () => {} });
  // Not by `lastOf`: what every page loads first would be a file more.
  const known = createMemo<typeof notebooks.latest>((before) =>
    notebooks.state === "ready" ? notebooks.latest : before,
  );
  return { notebooks, known, refetch: () => void refetch() };
});
