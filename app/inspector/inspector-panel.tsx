import { Tabs } from "@kobalte/core/tabs";
import { createMemo, lazy, Show, Suspense } from "solid-js";
import { parseAddress } from "#server/notebook/address.ts";
import { resultState } from "~/notebook/node-state";
import { shownState, type ShownState } from "~/notebook/shown-state";
import { useNotebook } from "~/notebook/notebook-context";
import { labelParts } from "~/results/variant-label";
import { now as clock } from "~/ui/clock";
import { StateBadge } from "~/ui/state-badge";
import { RowDetail } from "~/sheet/row-detail";
import { rowNumber } from "~/sheet/row-number";
import { CostTab } from "./cost-tab";
import { useInspected } from "./inspected";
import { inspectorTab, showInspectorTab, type InspectorTab } from "./inspector-tab";
import { PromptTab } from "./prompt-tab";
import { ResultTab } from "./result-tab";
import "./inspector-panel.css";

const HistoryTab = lazy(() => import("./history-tab").then(({ HistoryTab }) => ({ default: HistoryTab })));
const SettingsTab = lazy(() => import("./settings-tab").then(({ SettingsTab }) => ({ default: SettingsTab })));

/** The tabs that explain one result and its cell. */
export function InspectorPanel() {
  const { store } = useNotebook();
  const inspected = useInspected();
  /** The row by its number in the grid, which it keeps when it is scrolled out of sight; else by its identity. */
  const row = createMemo((before: { readonly row: string; readonly name: string } | null) => {
    const sheet = inspected.node()?.sheet;
    const address = inspected.address();
    if (sheet == null || address === null) return null;
    const own = parseAddress(address).at[sheet] ?? "";
    const number = rowNumber(sheet, own)?.toLocaleString("en");
    return number === undefined && before?.row === own ? before : { row: own, name: number ?? own };
  }, null);
  const labels = (): readonly string[] => {
    const address = inspected.address();
    if (address === null) return [];
    const { at } = parseAddress(address);
    const sheet = inspected.node()?.sheet;
    const axes = (inspected.node()?.axes ?? []).map(({ name }) => name);
    const rest = Object.keys(at).filter((axis) => !axes.includes(axis) && axis !== sheet);
    return [...(row() === null ? [] : [`row ${row()!.name}`]), ...labelParts(at, [...axes, ...rest])];
  };
  const state = (): ShownState | null => {
    const result = inspected.result();
    if (result !== undefined) return resultState(result, inspected.node(), store.view, clock);
    const row = inspected.details();
    return row === undefined
      ? null
      : shownState({
          status: "idle",
          freshness: row.freshness,
          outcome: row.outcome,
          because: row.because,
          error: row.error,
          cached: row.calls.length > 0 && row.calls.every((call) => call.cached),
        });
  };
  const inSheet = () => inspected.node()?.sheet != null && inspected.address() !== null;
  return (
    <Tabs
      value={inspectorTab() === "row" && !inSheet() ? "result" : inspectorTab()}
      onChange={(tab) => showInspectorTab(tab as InspectorTab)}
      class="inspector-tabs"
    >
      <Tabs.List class="tab-list" aria-label="About what is selected">
        {/* Always there: tabs whose chosen one is not among them choose the first. */}
        <Tabs.Trigger value="row" hidden={!inSheet()} disabled={!inSheet()}>
          Row
        </Tabs.Trigger>
        <Tabs.Trigger value="result">Result</Tabs.Trigger>
        <Tabs.Trigger value="prompt">Prompt</Tabs.Trigger>
        <Tabs.Trigger value="history">History</Tabs.Trigger>
        <Tabs.Trigger value="cost">Cost</Tabs.Trigger>
        <Tabs.Trigger value="settings">Settings</Tabs.Trigger>
      </Tabs.List>
      <div class="inspector-what">
        <b class="mono">{inspected.cell()?.path ?? parseAddress(inspected.address() ?? "").cell}</b>
        <span class="dim" title={inspected.address() ?? undefined}>
          {labels().join(" · ")}
        </span>
        <span class="spring" />
        <Show when={state()}>{(now) => <StateBadge state={now()} />}</Show>
      </div>
      <Show when={inSheet() ? inspected.address() : null}>
        {(address) => (
          <Tabs.Content value="row">
            <RowDetail address={address()} />
          </Tabs.Content>
        )}
      </Show>
      <Tabs.Content value="result">
        <ResultTab inspected={inspected} />
      </Tabs.Content>
      <Tabs.Content value="prompt">
        <PromptTab inspected={inspected} />
      </Tabs.Content>
      <Tabs.Content value="history">
        <Suspense>
          <Show when={inspected.cell()?.path} keyed>
            {(path) => <HistoryTab path={path} runs={Object.keys(store.view.runs).length} />}
          </Show>
        </Suspense>
      </Tabs.Content>
      <Tabs.Content value="cost">
        <CostTab inspected={inspected} />
      </Tabs.Content>
      <Tabs.Content value="settings">
        <Suspense>
          <Show when={inspected.cell()?.path} keyed>
            {(path) => <SettingsTab path={path} />}
          </Show>
        </Suspense>
      </Tabs.Content>
    </Tabs>
  );
}
