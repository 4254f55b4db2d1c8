import { createSignal, Match, Show, Switch } from "solid-js";
import { useHands } from "~/notebook/use-hands";
import { ErrorView } from "~/values/error-view";
import { ComparisonBar } from "./comparison-bar";
import { FormulaBar } from "./formula-bar";
import { LabelOffer } from "./label-offer";
import { PillBar } from "./pill-bar";
import { RowMenu } from "./row-menu";
import { RowsChanged, RowsMissing, RowsOfBefore } from "./rows-notice";
import { tellOpenSheet } from "./open-sheets";
import { SheetContext, type SheetContextValue } from "./sheet-context";
import { SheetFooter } from "./sheet-footer";
import { SheetGrid } from "./sheet-grid";
import { createSheetHands } from "./sheet-hands";
import { createSheetModel } from "./sheet-model";
import { createSheetPanels } from "./sheet-panels";
import { isFiltered } from "./sheet-rows-signal";
import "./sheet-panel.css";

/** A sheet: in the document as high as its rows need, or over the whole page. */
export function SheetPanel(props: { readonly sheet: string; readonly full: boolean }) {
  const model = createSheetModel(props.sheet);
  const hands = createSheetHands(model);
  const { act } = useHands();
  const panels = createSheetPanels(model, () => act("compare.open"));
  const context: SheetContextValue = { model, hands, panels };
  tellOpenSheet(context);
  const [menu, setMenu] = createSignal<string | null>(null);
  const total = () => model.rows.total();
  const isSettled = () => (total() === undefined ? (model.sheet()?.settled ?? true) : model.rows.settled());
  return (
    <SheetContext.Provider value={context}>
      <div class="sheet" classList={{ full: props.full }}>
        <Show when={props.full}>
          <FormulaBar />
        </Show>
        <PillBar full={props.full} />
        <Show when={model.hasRows() && !isSettled()}>
          <RowsOfBefore />
        </Show>
        <RowsChanged />
        <div class="sheet-frame">
          <Switch>
            <Match when={total() === null}>
              <RowsMissing />
            </Match>
            <Match when={true}>
              <RowMenu>
                <SheetGrid
                  takesFocus={props.full}
                  menuOf={menu()}
                  openMenu={(column) => setMenu(column.id)}
                  closeMenu={() => setMenu(null)}
                />
              </RowMenu>
              <Show when={total() === 0}>
                <Nothing />
              </Show>
            </Match>
          </Switch>
          <Show when={model.rows.problem()}>
            {(problem) => (
              <div class="sheet-failed" role="status">
                <ErrorView error={problem()} cell={props.sheet} />
              </div>
            )}
          </Show>
        </div>
        <Show when={model.hasRows()}>
          <ComparisonBar />
        </Show>
        <SheetFooter />
      </div>
      <LabelOffer />
    </SheetContext.Provider>
  );

  function Nothing() {
    return (
      <div class="empty sheet-nothing">
        <Show when={isFiltered(model.view())} fallback={<p>The table that gives the rows has none.</p>}>
          <p>No row fits.</p>
          <button
            type="button"
            class="button"
            onClick={() => {
              model.arrange({ filters: [] });
              model.setSought("");
            }}
          >
            Show all rows
          </button>
        </Show>
      </div>
    );
  }
}
