import { createResource, createSignal, For, Show } from "solid-js";
import type { CellVersion, VersionScore } from "#server/api/cell-history.ts";
import { api, problemOf } from "~/api";
import { dollars } from "~/money/dollars";
import { useNotebook } from "~/notebook/notebook-context";
import { variantLabel } from "~/results/variant-label";
import { moment } from "~/values/moment";
import { DiffView } from "./diff-view";
import { yamlText } from "./field-text";
import { restoreOperations, type CellText } from "./restore-operations";

/** The texts a cell had when it was run, with what came of each; any of them can be had back. */
export function HistoryTab(props: { readonly path: string; readonly runs: number }) {
  const { store, actions } = useNotebook();
  const [opened, setOpened] = createSignal<number | null>(null);
  const ended = () => Object.values(store.view.runs).filter(({ endedAt }) => endedAt !== null).length;
  const [history] = createResource(
    () => ({ path: store.path, cell: props.path, runs: [props.runs, ended(), store.view.head.head.revision] }),
    ({ path, cell }) => api.notebook.history.query({ path, cell }),
  );
  const known = (): readonly CellVersion[] => (history.error ? [] : ((history.latest ?? []) as readonly CellVersion[]));
  const cell = () => store.view.cells[props.path];
  return (
    <div class="inspector-body">
      <Show when={history.error}>
        <p class="problem" role="alert">
          {problemOf(history.error).message}. {problemOf(history.error).cure}
        </p>
      </Show>
      <Show when={known().length > 0 && !known().some(({ current }) => current)}>
        <p class="dim version-note">The text as it is now has not been run.</p>
      </Show>
      <ol class="versions">
        <For
          each={known()}
          fallback={
            <p class="dim">
              {history.loading
                ? "Looking through the runs …"
                : "No run yet. Each text it is run with is kept here, with what came of it."}
            </p>
          }
        >
          {(version, index) => (
            <li class="version" classList={{ current: version.current }}>
              <div class="version-head">
                <b>{version.current ? "as it is now" : moment(version.lastAt)}</b>
                <span class="dim">
                  {version.current ? `${moment(version.lastAt)} · ` : ""}
                  {version.runs} {version.runs === 1 ? "run" : "runs"} · {dollars(version.cost)}
                </span>
              </div>
              <For each={version.scores}>{(score) => <ScoreLine score={score} />}</For>
              <Show when={!version.current}>
                <div class="answer-foot">
                  <button
                    type="button"
                    class="link"
                    aria-expanded={opened() === index()}
                    onClick={() => setOpened((before) => (before === index() ? null : index()))}
                  >
                    {opened() === index() ? "hide the difference" : "difference"}
                  </button>
                  <button
                    type="button"
                    class="link"
                    onClick={() => void actions.edit(restoreOperations(props.path, cell()!, version))}
                  >
                    restore
                  </button>
                </div>
                <Show when={opened() === index() && cell()}>
                  {(now) => (
                    <DiffView before={textOf(version)} after={textOf(now())} words={["this text", "the text now"]} />
                  )}
                </Show>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

function ScoreLine(props: { readonly score: VersionScore }) {
  const percent = (share: number): string => `${(share * 100).toFixed(1)}`;
  return (
    <div class="version-score">
      <span class="mono">{props.score.name}</span>
      <span class="dim">{variantLabel(props.score.at)}</span>
      <span class="spring" />
      <span>
        <b>{percent(props.score.mean)} %</b>
        <Show when={props.score.interval}>
          {(interval) => (
            <span class="dim">
              {" "}
              {percent(interval().low)}–{percent(interval().high)}
            </span>
          )}
        </Show>
        <span class="dim"> n {props.score.n.toLocaleString("en")}</span>
      </span>
    </div>
  );
}

/** A cell's text as it stands in the file, for comparing. */
function textOf({ configuration, source }: CellText): string {
  return Object.keys(configuration).length === 0 ? source : `${yamlText(configuration)}\n---\n${source}`;
}
