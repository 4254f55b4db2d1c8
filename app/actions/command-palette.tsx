import { createResource } from "solid-js";
import { api } from "~/api";
import { notebookAddress } from "~/notebook/notebook-address";
import { lastOf } from "~/ui/last-of";
import { Palette, type PaletteItem } from "~/ui/palette";
import { isMac } from "~/ui/platform";
import type { ActionContext } from "./action-context";
import { actionIcon } from "./action-icon";
import { allActions } from "./all-actions";
import { perform } from "./perform";
import { keyText } from "./press";

/** Milliseconds for which other notebooks are waited for: actions are there without them. */
const patience = 1_000;

/** Finds an action, a block of the notebook or another notebook by its words. */
export function CommandPalette(props: { readonly context: () => ActionContext; readonly onClose: () => void }) {
  const list = api.notebooks.list.query();
  const [notebooks] = createResource(() => list);
  const known = lastOf(notebooks);
  // What was typed ahead is looked for in all there is, where that comes in time.
  const [awaited] = createResource(() => {
    const patient = new Promise<void>((resolve) => setTimeout(resolve, patience));
    return Promise.race([
      patient,
      list.then(
        () => {},
        () => {},
      ),
    ]);
  });
  const context = props.context();
  const actions = allActions.flatMap((action): readonly PaletteItem[] => {
    if (!action.available(context) || action.id === "view.palette") return [];
    const icon = actionIcon(action.icon);
    const [keys] = action.keys;
    return [
      {
        value: `do ${action.id}`,
        label: action.label(context),
        keywords: `${action.keywords} ${action.group}`,
        group: action.group,
        keys: keys === undefined ? null : keyText(keys.press, isMac),
        disabled: action.disabled(context),
        ...(icon === undefined ? {} : { icon }),
      },
    ];
  });
  const items = (): readonly PaletteItem[] => [
    // What can be done now comes first, in the order of its groups.
    ...actions.filter(({ disabled }) => disabled == null),
    ...actions.filter(({ disabled }) => disabled != null),
    ...context.outline.map((item, index) => ({
      value: `show ${index}`,
      label: `Go to ${item.type === "cell" ? item.name : item.text}`,
      keywords: item.type === "cell" ? item.kind : "heading",
      group: item.type === "cell" ? item.kind : "heading",
    })),
    ...(known() ?? [])
      .filter(({ path }) => path !== context.view.head.head.path)
      .map(({ path, title }) => ({
        value: `open ${path}`,
        label: `Open ${title}`,
        keywords: "notebook",
        group: "notebook",
      })),
  ];
  function choose(value: string): void {
    const [what, ...rest] = value.split(" ");
    const name = rest.join(" ");
    const action = allActions.find(({ id }) => what === "do" && id === name);
    if (action !== undefined) void perform(action, props.context());
    else if (what === "show") context.page.show(context.outline[Number(name)]!.block, { flash: true });
    else context.page.goTo(notebookAddress(name));
  }
  return (
    <Palette
      label="Find an action"
      placeholder="What to do, or where to go …"
      items={(awaited(), items())}
      onChoose={choose}
      onClose={props.onClose}
    />
  );
}
