import { A, useSearchParams } from "@solidjs/router";
import { createEffect, createResource, For, onCleanup, Show } from "solid-js";
import type { RunSummary } from "#server/store/store.ts";
import { api } from "~/api";
import { spentWords } from "~/money/spent-words";
import { notebookFile } from "~/notebook/notebook-address";
import { Loaded } from "~/ui/loaded";
import { Page } from "~/ui/page";
import { agoText, countText, durationText, momentText } from "~/ui/words";
import { Pager } from "./pager";
import { RunState } from "./run-state";
import { outcomeWord, scopeText } from "./run-words";
import "./runs.css";

const perPage = 50;

/** What was run in this workspace, newest first. */
export function RunsPage() {
  const [address, setAddress] = useSearchParams<{ page?: string }>();
  const page = (): number => Math.max(0, Number(address.page ?? 1) - 1 || 0);
  const [runs, { refetch }] = createResource(page, (at) =>
    // One more than is shown says whether there are more.
    api.runs.list.query({ offset: at * perPage, limit: perPage + 1 }),
  );
  createEffect(() => {
    const list = runs.state === "ready" ? runs.latest : undefined;
    if (list?.some(({ end, interrupted }) => end === null && !interrupted) !== true) return;
    const timer = setTimeout(() => void refetch(), 2_000);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <Page
      title="Runs"
      about="What was computed, when, and what it cost. A run keeps the notebook's text and the versions of all it read."
    >
      <Loaded from={runs} of={page()} what="the list of runs" again={() => void refetch()}>
        {(list) => (
          <Show when={list().length > 0} fallback={<NoRuns />}>
            <ul class="list" aria-label="Runs">
              <For each={list().slice(0, perPage)}>{(run) => <RunRow run={run} />}</For>
            </ul>
            <Pager
              label="Pages of runs"
              page={page()}
              more={list().length > perPage}
              go={(to) => setAddress({ page: to === 0 ? null : to + 1 })}
            />
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

function RunRow(props: {
  readonly run: RunSummary & { readonly interrupted: boolean; readonly recorded: number | null };
}) {
  const end = () => props.run.end;
  return (
    <li class="list-row run-row">
      <A href={`/runs/${encodeURIComponent(props.run.id)}`} title={scopeText(props.run.scope)}>
        {scopeText(props.run.scope)}
      </A>
      <span class="list-fact list-path run-notebook">{notebookFile(props.run.notebook)}</span>
      <span class="run-outcome">
        <RunState state={outcomeWord(props.run)} />
      </span>
      <span class="list-fact run-calls">
        <Show
          when={end()}
          fallback={`${countText(props.run.recorded ?? 0, "result")} ${props.run.interrupted ? "kept" : "so far"}`}
        >
          {(ended) => `${ended().callsMade} called, ${ended().callsCached} from cache`}
        </Show>
      </span>
      <span class="list-fact run-cost">
        <Show when={end()}>{(ended) => spentWords(ended())}</Show>
      </span>
      <span class="list-fact run-long">
        <Show when={end()}>{(ended) => durationText(ended().endedAt - props.run.startedAt)}</Show>
      </span>
      <span class="list-fact list-when" title={momentText(props.run.startedAt)}>
        {agoText(props.run.startedAt, Date.now())}
      </span>
    </li>
  );
}

function NoRuns() {
  return (
    <div class="empty">
      <h2>Nothing was run yet</h2>
      <p>
        Open a <A href="/">notebook</A> and run a cell: every run is kept here with its results and its cost. What
        computes itself, such as SQL over a file, leaves no record.
      </p>
    </div>
  );
}
