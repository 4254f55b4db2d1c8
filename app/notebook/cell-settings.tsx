import type { CellView } from "#server/workbench/view.ts";
import { CellEditor } from "~/editor/cell-editor";
import { settingsPart } from "~/editor/cell-part";
import { DraftProblem } from "~/editor/draft-problem";
import "./cell-settings.css";

/** The settings of a cell as the text they are. */
export function CellSettings(props: { readonly cell: CellView }) {
  return (
    <>
      <div class="cell-source cell-settings">
        <CellEditor cell={props.cell} settings />
      </div>
      <DraftProblem part={settingsPart(props.cell.path)} />
    </>
  );
}
