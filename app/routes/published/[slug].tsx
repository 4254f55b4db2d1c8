import { useParams } from "@solidjs/router";
import { Show } from "solid-js";
import { PublishedPage } from "~/published/published-page";

/** The page of one published notebook. */
export default function PublishedRoute() {
  const params = useParams<{ slug: string }>();
  return (
    <Show when={params.slug} keyed>
      {(slug) => <PublishedPage slug={slug} />}
    </Show>
  );
}
