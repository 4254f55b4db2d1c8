import { createResource, createSignal, For, Show } from "solid-js";
import type { BesideBaseline } from "#server/workbench/beside-baseline.ts";
import { api } from "~/api";
import { dollars } from "~/money/dollars";
import { Loaded } from "~/ui/loaded";
import { Section } from "~/ui/page";
import { figures, PageTable } from "~/ui/page-table";
import { countText, durationText } from "~/ui/words";
import { howText, intervalText, placeText, scoreName, signed, verdictWord } from "./baseline-words";
import { RunState } from "./run-state";

/** How a run's notebook stands to its baseline, as it is now: asked for, as it looks at every result. */
export function RunBaseline(props: { readonly notebook: string }) {
  const [asked, setAsked] = createSignal(false);
  const [compared, { refetch }] = createResource(
    () => (asked() ? props.notebook : undefined),
    (path) => api.notebook.besideBaseline.query({ path }) as Promise<BesideBaseline | null>,
  );
  return (
    <Section title="Beside the baseline" note="the notebook's results as they are now">
      <Show
        when={asked()}
        fallback={
          <button type="button" class="button" onClick={() => setAsked(true)}>
            Compare
          </button>
        }
      >
        <Loaded from={compared} of={props.notebook} what="the baseline" again={() => void refetch()}>
          {(found) => (
            <Show
              when={found()}
              fallback={
                <p class="dim">
                  There is none. “Keep the results as the baseline” in the notebook's menu makes one, and so does `sheaf
                  baseline`.
                </p>
              }
            >
              {(beside) => <Compared beside={beside()} />}
            </Show>
          )}
        </Loaded>
      </Show>
    </Section>
  );
}

function Compared(props: { readonly beside: BesideBaseline }) {
  const count = (change: (typeof changes)[number]): number =>
    props.beside.cells.reduce((sum, { counts }) => sum + counts[change], 0);
  const changed = () =>
    props.beside.cells.filter(({ counts: { same: _same, ...others } }) =>
      Object.values(others).some((count) => count > 0),
    );
  return (
    <div class="run-beside">
      <dl class="facts">
        <dt>Verdict</dt>
        <dd>
          <RunState state={verdictWord(props.beside.verdict)} />
        </dd>
        <dt>File</dt>
        <dd class="mono">{props.beside.name}</dd>
        <dt>Other than then</dt>
        <dd>{props.beside.differs.length === 0 ? "nothing it came of" : props.beside.differs.join(", ")}</dd>
        <dt>Calls then</dt>
        <dd>{callsText(props.beside.calls.then)}</dd>
        <dt>Calls now</dt>
        <dd>{callsText(props.beside.calls.now)}</dd>
      </dl>
      <Show when={props.beside.scores.length > 0}>
        <PageTable
          label="Scores then and now"
          columns={["score", ...figures("then", "now", "difference", "95 % interval", "pairs"), "verdict"]}
        >
          <For each={props.beside.scores}>
            {(score) => (
              <tr>
                <td class="mono">{scoreName(score)}</td>
                <td class="number">{score.then?.toFixed(3) ?? ""}</td>
                <td class="number">{score.now?.toFixed(3) ?? ""}</td>
                <td class="number">{score.difference === null ? "" : signed(score.difference)}</td>
                <td class="number">{intervalText(score)}</td>
                <td class="number">
                  {score.n.toLocaleString("en")} of {score.of.toLocaleString("en")}
                </td>
                <td>{score.verdict === "neither" ? "within the interval" : score.verdict}</td>
              </tr>
            )}
          </For>
        </PageTable>
      </Show>
      <Show when={changed().length > 0} fallback={<p class="dim">All of its results are the same.</p>}>
        <PageTable label="Results beside the baseline by cell" columns={["cell", ...figures(...changes)]}>
          <For each={changed()}>
            {({ cell, counts }) => (
              <tr>
                <td class="mono">{cell}</td>
                <For each={changes}>
                  {(name) => <td class="number">{counts[name] === 0 ? "" : counts[name].toLocaleString("en")}</td>}
                </For>
              </tr>
            )}
          </For>
        </PageTable>
      </Show>
      <Show when={props.beside.worse.length > 0}>
        <PageTable label="Results that are worse" columns={["worse", "where", "how"]}>
          <For each={props.beside.worse}>
            {(one) => (
              <tr>
                <td class="mono">{one.cell}</td>
                <td>{placeText(one)}</td>
                <td>{howText(one)}</td>
              </tr>
            )}
          </For>
        </PageTable>
        <Show when={count("worse") > props.beside.worse.length}>
          <p class="dim">
            The first {props.beside.worse.length.toLocaleString("en")} of {countText(count("worse"), "result")}.
          </p>
        </Show>
      </Show>
    </div>
  );
}

const changes = ["worse", "better", "changed", "open", "missing", "new", "same"] as const;

function callsText({ results, cost, input, output, latency }: BesideBaseline["calls"]["then"]): string {
  if (results === 0) return "none";
  const tokens = `${countText(input, "token")} in, ${output.toLocaleString("en")} out`;
  return `${dollars(cost)}, ${tokens}, ${durationText(latency)} a result`;
}
