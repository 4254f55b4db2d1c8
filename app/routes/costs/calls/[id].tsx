import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { CallPage } from "~/costs/call-page";

/** The page of one call. */
export default function CallRoute() {
  const params = useParams<{ id: string }>();
  return (
    <Show when={params.id} keyed>
      {(id) => <CallPage id={Number(id)} />}
    </Show>
  );
}
