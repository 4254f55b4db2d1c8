import { For } from "solid-js";
import { ColumnHeader } from "./column-header";
import type { GridColumn } from "./columns";
import type { HeaderGroup } from "./header-groups";
import { useSheet } from "./sheet-context";

/** The heads of the columns in sight, and over those of one cell its name. */
export function GridHead(props: {
  readonly columns: readonly GridColumn[];
  /** Cells of which several columns stand side by side. */
  readonly groups: readonly HeaderGroup[];
  placeOf(column: GridColumn): { readonly left: number; readonly sticky: boolean };
  /** The column whose menu is open, by its id. */
  readonly menuOf: string | null;
  openMenu(column: GridColumn): void;
  closeMenu(): void;
  /** A menu is closed, and focus goes back to the grid. */
  closed(): void;
}) {
  const { model } = useSheet();
  const widthOf = ({ columns }: HeaderGroup): number => columns.reduce((sum, column) => sum + model.widthOf(column), 0);
  return (
    <div class="sheet-head" role="rowgroup">
      <div class="sheet-row head" role="row" aria-rowindex={1}>
        <div class="sheet-number" role="columnheader" aria-colindex={1}>
          #
        </div>
        <For each={props.groups}>
          {(group) => (
            <div
              class="sheet-group"
              aria-hidden="true"
              style={{ left: `${props.placeOf(group.columns[0]!).left}px`, width: `${widthOf(group)}px` }}
            >
              <span>
                <b>{group.name}</b> <small>{group.words}</small>
              </span>
            </div>
          )}
        </For>
        <For each={props.columns}>
          {(column) => (
            <ColumnHeader
              column={column}
              index={model.columns().indexOf(column)}
              place={props.placeOf(column)}
              group={props.groups.find(({ columns }) => columns.includes(column)) ?? null}
              menu={props.menuOf === column.id}
              openMenu={props.openMenu}
              closeMenu={props.closeMenu}
              closed={props.closed}
            />
          )}
        </For>
      </div>
    </div>
  );
}
