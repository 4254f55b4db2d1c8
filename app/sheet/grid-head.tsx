import { For } from "solid-js";
import { ColumnHeader } from "./column-header";
import { leadOf, type ColumnSlot } from "./column-slots";
import type { GridColumn } from "./columns";
import type { ColumnPlace } from "./grid-layout";
import type { HeaderGroup } from "./header-groups";

/** The heads of the columns in sight, and over those of one cell its name. */
export function GridHead(props: {
  readonly slots: readonly ColumnSlot[];
  /** Cells of which several columns stand side by side. */
  readonly groups: readonly HeaderGroup[];
  placeOf(column: GridColumn): ColumnPlace;
  /** The column whose menu is open, by its id. */
  readonly menuOf: string | null;
  openMenu(column: GridColumn): void;
  closeMenu(): void;
  /** A menu is closed, and focus goes back to the grid. */
  closed(): void;
}) {
  const placeOf = (slot: ColumnSlot): ColumnPlace => props.placeOf(leadOf(slot));
  const widthOf = ({ slots }: HeaderGroup): number => slots.reduce((sum, slot) => sum + placeOf(slot).width, 0);
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
              style={{ left: `${placeOf(group.slots[0]!).left}px`, width: `${widthOf(group)}px` }}
            >
              <span>
                <b>{group.name}</b> <small>{group.words}</small>
              </span>
            </div>
          )}
        </For>
        <For each={props.slots}>
          {(slot) => (
            <ColumnHeader
              slot={slot}
              place={placeOf(slot)}
              group={props.groups.find(({ slots }) => slots.includes(slot)) ?? null}
              menu={slot.lines.some(({ column }) => column.id === props.menuOf)}
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
