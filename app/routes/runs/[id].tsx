import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { RunPage } from "~/runs/run-page";

/** The page of one run. */
export default function RunRoute() {
  const params = useParams<{ id: string }>();
  return (
    <Show when={params.id} keyed>
      {(id) => <RunPage id={decodeURIComponent(id)} />}
    </Show>
  );
}
