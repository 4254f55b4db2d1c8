import { createMemo, Show, untrack, type JSX, type Resource } from "solid-js";
import { problemOf } from "~/api";
import { ProblemBox } from "./problem-box";

/** What was asked of the server: that it is on its way, what is wrong, or what came. What came stays while it is asked for again, and below what is wrong where that fails. */
export function Loaded<Of>(props: {
  readonly from: Resource<Of>;
  readonly what: string;
  /** Which of several is asked for, where that changes: what came of another does not stand below what is wrong. */
  readonly of?: string | number;
  readonly again?: () => void;
  readonly children: (value: () => Of) => JSX.Element;
}) {
  const came = createMemo<{ readonly value: Of; readonly of: unknown } | undefined>((before) =>
    props.from.state === "ready" ? { value: props.from.latest as Of, of: untrack(() => props.of) } : before,
  );
  const error = () => props.from.error as unknown;
  const shown = () => (error() === undefined || came()?.of === props.of ? came() : undefined);
  return (
    <>
      <Show when={error()}>
        {(thrown) => (
          <ProblemBox error={problemOf(thrown())} {...(props.again === undefined ? {} : { again: props.again })} />
        )}
      </Show>
      <Show
        when={shown()}
        fallback={
          <Show when={error() === undefined}>
            <p class="skeleton" role="status">
              Reading {props.what} …
            </p>
          </Show>
        }
      >
        {props.children(() => came()!.value)}
      </Show>
    </>
  );
}
