import type { NodeView, ResultView } from "#server/workbench/view.ts";
import type { MenuEntry } from "../ui/menu";

/** What can be chosen in an answer's menu. */
export type ResultChoice = "choose" | "lock" | "unlock" | "edit" | "restore" | "comment";

/** The lines of an answer's menu, as it stands. */
export function resultMenu(
  { at, value, freshness }: Pick<ResultView, "at" | "value" | "freshness">,
  isChosen: boolean,
): readonly MenuEntry[] {
  const isLocked = freshness.state === "locked";
  const isVariant = Object.keys(at).some((axis) => axis !== "repeat");
  const item = (value: ResultChoice, label: string, disabled: string | null = null): MenuEntry => ({
    type: "item",
    value,
    label,
    disabled,
  });
  return [
    ...(isVariant
      ? [item("choose", "Choose this variant", isChosen ? "It is what outputs and endpoints use already." : null)]
      : []),
    isLocked
      ? item("unlock", "Unlock")
      : item("lock", "Lock this value", value === null ? "There is no value yet: run it first." : null),
    item("edit", "Edit by hand …", isLocked ? "It is locked: unlock it first." : null),
    ...(freshness.state === "edited" ? [item("restore", "Take the edit back")] : []),
    item("comment", "Comment …"),
  ];
}

/** Whether a node's answers come from a model, so that it can be asked again. */
export function asksModels(node: Pick<NodeView, "effect"> | undefined): boolean {
  return node?.effect === "model" || node?.effect === "paid";
}
