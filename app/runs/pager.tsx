import { Show } from "solid-js";

/** Goes through pages whose number is not known: earlier ones, and further ones as long as there are more. */
export function Pager(props: {
  readonly page: number;
  readonly more: boolean;
  readonly label: string;
  go(page: number): void;
}) {
  return (
    <Show when={props.page > 0 || props.more}>
      <nav class="pager" aria-label={props.label}>
        <button type="button" class="button" disabled={props.page === 0} onClick={() => props.go(props.page - 1)}>
          Back
        </button>
        <span class="list-fact">page {props.page + 1}</span>
        <button type="button" class="button" disabled={!props.more} onClick={() => props.go(props.page + 1)}>
          Next
        </button>
      </nav>
    </Show>
  );
}
