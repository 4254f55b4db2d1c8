import { createResource, createRoot } from "solid-js";
import { api } from "~/api";

/** The workspace's notebooks as they are now, for whoever shows them. */
export const notebookList = createRoot(() => {
  const [notebooks, { refetch }] = createResource(() => api.notebooks.list.query());
  api.notebooks.changes.subscribe(undefined, { onData: () => void refetch(), onError: () => {} });
  return { notebooks, refetch: () => void refetch() };
});
