import { Match, Switch, type JSX, type Resource } from "solid-js";
import { problemOf } from "~/api";
import { ProblemBox } from "./problem-box";

/** What was asked of the server: that it is on its way, what is wrong, or what came. What came stays while it is asked for again. */
export function Loaded<Of>(props: {
  readonly from: Resource<Of>;
  readonly what: string;
  readonly again?: () => void;
  readonly children: (value: () => Of) => JSX.Element;
}) {
  const there = () => props.from.state === "ready" || props.from.state === "refreshing";
  return (
    <Switch
      fallback={
        <p class="skeleton" role="status">
          Reading {props.what} …
        </p>
      }
    >
      <Match when={props.from.error as unknown}>
        {(thrown) => (
          <ProblemBox error={problemOf(thrown())} {...(props.again === undefined ? {} : { again: props.again })} />
        )}
      </Match>
      <Match when={there()}>{props.children(() => props.from.latest as Of)}</Match>
    </Switch>
  );
}
