import { A, useNavigate } from "@solidjs/router";
import { createResource, For } from "solid-js";
import { api } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";

/** The workspace's notebooks, and examples to begin with. */
export default function Home() {
  const [notebooks] = createResource(() => api.notebooks.list.query());
  const [examples] = createResource(() => api.notebooks.examples.query());
  const navigate = useNavigate();
  const take = async (file: string): Promise<void> =>
    navigate(notebookAddress(await api.notebooks.takeExample.mutate({ file })));
  return (
    <main style={{ padding: "28px 40px" }}>
      <h1>Notebooks</h1>
      <ul>
        <For each={notebooks()}>
          {({ path, title }) => (
            <li>
              <A href={notebookAddress(path)}>{title}</A>
            </li>
          )}
        </For>
      </ul>
      <h2>Examples</h2>
      <For each={examples()}>
        {({ file, title, about }) => (
          <button type="button" class="button" onClick={() => void take(file)}>
            {title} <span class="dim">{about}</span>
          </button>
        )}
      </For>
    </main>
  );
}
