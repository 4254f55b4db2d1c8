import { useParams } from "@solidjs/router";
import { lazy, Match, Show, Switch } from "solid-js";
import { CostsPage } from "~/costs/costs-page";
import Missing from "../[...missing]";

const CallsPage = lazy(async () => ({ default: (await import("~/costs/calls-page")).CallsPage }));
const CallPage = lazy(async () => ({ default: (await import("~/costs/call-page")).CallPage }));

/** What calls came to, `calls` for the list of them, and `calls/ID` for one. One route: each is paid for by all pages. */
export default function CostsRoute() {
  const params = useParams<{ path?: string }>();
  const id = () => /^calls\/(\d+)$/.exec(params.path ?? "")?.[1];
  return (
    <Switch fallback={<Missing />}>
      <Match when={!params.path}>
        <CostsPage />
      </Match>
      <Match when={params.path === "calls"}>
        <CallsPage />
      </Match>
      <Match when={id()}>
        <Show when={id()} keyed>
          {(call) => <CallPage id={Number(call)} />}
        </Show>
      </Match>
    </Switch>
  );
}
