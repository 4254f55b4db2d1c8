import { A, useSearchParams } from "@solidjs/router";
import { createEffect, createResource, For, onCleanup, Show } from "solid-js";
import type { Datum } from "#server/notebook/value.ts";
import type { RunEnd, RunEstimate, RunResult, RunStart } from "#server/store/store.ts";
import { api } from "~/api";
import { dollars } from "~/money/dollars";
import { estimateBesideTruth, tokensBesideTruth } from "~/money/estimate-truth";
import { notebookAddress } from "~/notebook/notebook-address";
import { lastOf } from "~/ui/last-of";
import { Loaded } from "~/ui/loaded";
import { Page, Section } from "~/ui/page";
import { figures, PageTable } from "~/ui/page-table";
import { Snippet } from "~/ui/snippet";
import { countText, durationText, momentText } from "~/ui/words";
import { Pager } from "./pager";
import { RunBaseline } from "./run-baseline";
import { RunState } from "./run-state";
import { outcomeWord, resultWord, scopeText } from "./run-words";
import "./runs.css";

const perPage = 100;

type Run = RunStart & {
  readonly end: RunEnd | null;
  readonly interrupted: boolean;
  readonly recorded: number | null;
};

/** One run: what came of it by address, and everything it was made of. */
export function RunPage(props: { readonly id: string }) {
  const [run, { refetch }] = createResource(
    () => props.id,
    (id) => api.runs.get.query({ run: id }) as Promise<Run>,
  );
  const last = lastOf(run);
  const title = (): string => (last()?.id === props.id ? scopeText(last()!.scope) : "Run");
  createEffect(() => {
    if (run.state !== "ready" || !isUnderWay(run.latest)) return;
    const timer = setTimeout(() => void refetch(), 2_000);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <Page title={title()} about={<A href="/runs">All runs</A>}>
      <Loaded from={run} of={props.id} what="the run" again={() => void refetch()}>
        {(found) => (
          <>
            <RunFacts run={found()} />
            <Show
              when={!isUnderWay(found())}
              fallback={
                <Section title="Results">
                  <p class="dim">They are listed here when the run has ended. Until then the notebook shows them.</p>
                </Section>
              }
            >
              <RunResults id={props.id} />
            </Show>
            <Show when={found().notebook.startsWith("notebooks/")}>
              <RunBaseline notebook={found().notebook} />
            </Show>
            <RunVersions versions={found().versions} />
            <Section title="The notebook's text then">
              <details>
                <summary>Show {countText(found().text.trimEnd().split("\n").length, "line")}</summary>
                <Snippet text={found().text} label="The notebook's text then" />
              </details>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function isUnderWay({ end, interrupted }: Run): boolean {
  return end === null && !interrupted;
}

function RunFacts(props: { readonly run: Run }) {
  const end = () => props.run.end;
  return (
    <dl class="facts run-facts">
      <dt>Notebook</dt>
      <dd>
        <A href={notebookAddress(props.run.notebook)}>{props.run.notebook}</A>
      </dd>
      <dt>Outcome</dt>
      <dd>
        <RunState state={outcomeWord(props.run)} />
      </dd>
      <Show when={props.run.interrupted}>
        <dt>Kept</dt>
        <dd>
          {countText(props.run.recorded ?? 0, "result")}. Its process ended before it did: “Run everything stale” in the
          notebook goes on with the rest, and what was answered costs nothing again.
        </dd>
      </Show>
      <dt>Began</dt>
      <dd>{momentText(props.run.startedAt)}</dd>
      <Show when={end()}>
        {(ended) => (
          <>
            <dt>Took</dt>
            <dd>{durationText(ended().endedAt - props.run.startedAt)}</dd>
            <dt>Calls</dt>
            <dd>
              <A href={`/costs/calls?days=0&run=${encodeURIComponent(props.run.id)}`}>
                {ended().callsMade.toLocaleString("en")} made
              </A>
              , {ended().callsCached.toLocaleString("en")} from cache
            </dd>
            <dt>Cost</dt>
            <dd>
              <Show when={ended().cost !== 0 || !ended().unpriced}>
                <A href={`/costs/calls?days=0&order=dearest&run=${encodeURIComponent(props.run.id)}`}>
                  {dollars(ended().cost)}
                </A>
                {ended().unpriced ? " and " : ""}
              </Show>
              <Show when={ended().unpriced}>
                {(count) => (
                  <A href={`/costs/calls?days=0&kind=unpriced&run=${encodeURIComponent(props.run.id)}`}>
                    {countText(count(), "call")} of unknown price
                  </A>
                )}
              </Show>
            </dd>
            <Show when={ended().estimate}>{(said) => <EstimateFacts said={said()} end={ended()} />}</Show>
          </>
        )}
      </Show>
      <dt>Run</dt>
      <dd class="mono">{props.run.id}</dd>
    </dl>
  );
}

/** What was said of a run before its calls went out, beside what came of it. */
function EstimateFacts(props: { readonly said: RunEstimate; readonly end: RunEnd }) {
  return (
    <>
      <dt>Estimated</dt>
      <dd>
        <Show when={estimateBesideTruth(props.said, props.end, props.end.outcome)}>{(words) => <>{words()}; </>}</Show>
        {props.said.open > 0 ? "at least " : ""}
        {countText(props.said.calls, "call")}
        <Show when={props.said.unpriced.length > 0}>, not counting {props.said.unpriced.join(", ")}</Show>
      </dd>
      <dt>Tokens in</dt>
      <dd>estimated {tokensBesideTruth(props.said.input, props.end.input, props.end.outcome)}</dd>
      <dt>Tokens out</dt>
      <dd>estimated {tokensBesideTruth(props.said.output, props.end.output, props.end.outcome)}</dd>
      <Show when={props.said.seconds}>
        {(seconds) => (
          <>
            <dt>Time of calls</dt>
            <dd>
              estimated {durationText(seconds().low * 1_000)} to {durationText(seconds().high * 1_000)}
            </dd>
          </>
        )}
      </Show>
    </>
  );
}

function RunResults(props: { readonly id: string }) {
  const [address, setAddress] = useSearchParams<{ page?: string }>();
  const page = (): number => Math.max(0, Number(address.page ?? 1) - 1 || 0);
  const [results, { refetch }] = createResource(
    () => ({ run: props.id, offset: page() * perPage, limit: perPage + 1 }),
    (at) => api.runs.results.query(at) as Promise<readonly RunResult[]>,
  );
  return (
    <Section title="Results">
      <Loaded from={results} of={`${page()} ${props.id}`} what="the results" again={() => void refetch()}>
        {(list) => (
          <Show when={list().length > 0} fallback={<p class="dim">It recorded no results.</p>}>
            <PageTable
              label="Results by address"
              columns={["address", "outcome", ...figures("score", "calls", "cost")]}
            >
              <For each={list().slice(0, perPage)}>
                {(result) => (
                  <tr>
                    <td class="mono" title={result.address}>
                      {result.address}
                    </td>
                    <td>
                      <RunState state={resultWord(result.outcome)} />
                    </td>
                    <td class="number">{result.score === null ? "" : result.score.toFixed(3)}</td>
                    <td class="number">{result.callKeys.length === 0 ? "" : result.callKeys.length}</td>
                    <td class="number">{result.callKeys.length === 0 ? "" : dollars(result.cost)}</td>
                  </tr>
                )}
              </For>
            </PageTable>
            <Pager
              label="Pages of results"
              page={page()}
              more={list().length > perPage}
              go={(to) => setAddress({ page: to === 0 ? null : to + 1 })}
            />
          </Show>
        )}
      </Loaded>
    </Section>
  );
}

/** What data, models and prices it used, by name. */
function RunVersions(props: { readonly versions: Datum }) {
  const versions = () =>
    props.versions as {
      readonly data?: { readonly [path: string]: string };
      readonly models?: { readonly [name: string]: { readonly [part: string]: string } };
      readonly prices?: Datum;
    };
  const rows = (): readonly (readonly [string, string])[] => [
    ...Object.entries(versions().data ?? {}).map(([path, hash]) => [path, hash] as const),
    ...Object.entries(versions().models ?? {}).map(
      ([name, identity]) =>
        [
          name,
          Object.entries(identity)
            .map(([part, value]) => `${part} ${value}`)
            .join(", "),
        ] as const,
    ),
    [
      "prices",
      typeof versions().prices === "string" ? (versions().prices as string) : JSON.stringify(versions().prices),
    ],
  ];
  return (
    <Section title="Versions">
      <dl class="facts">
        <For each={rows()}>
          {([name, version]) => (
            <>
              <dt class="mono">{name}</dt>
              <dd class="mono" title={version}>
                {version.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1…")}
              </dd>
            </>
          )}
        </For>
      </dl>
    </Section>
  );
}
