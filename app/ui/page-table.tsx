import { For, Show, type JSX } from "solid-js";

/** A column of a page's table; a name alone is one of texts. */
export interface PageColumn {
  readonly name: string;
  /** Figures stand at the right. */
  readonly isNumber?: boolean;
  /** Said to a screen reader alone, as over a column of buttons. */
  readonly isUnseen?: boolean;
  /** A word beside the name. */
  readonly note?: string;
  readonly tip?: string;
}

/** A table of a page, which scrolls by itself under its head. `children` are its rows. */
export function PageTable(props: {
  readonly label: string;
  readonly columns: readonly (string | PageColumn)[];
  readonly class?: string;
  readonly children: JSX.Element;
}) {
  return (
    <div class={`page-table ${props.class ?? ""}`} tabindex="0" role="region" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            <For each={props.columns}>
              {(column) => <Head {...(typeof column === "string" ? { name: column } : column)} />}
            </For>
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

/** Columns of figures by their names. */
export const figures = (...names: readonly string[]): readonly PageColumn[] =>
  names.map((name) => ({ name, isNumber: true }));

function Head(column: PageColumn) {
  return (
    <th scope="col" classList={{ number: column.isNumber === true }} title={column.tip}>
      <span classList={{ "visually-hidden": column.isUnseen === true }}>{column.name}</span>
      <Show when={column.note}>
        {" "}
        <small>{column.note}</small>
      </Show>
    </th>
  );
}
