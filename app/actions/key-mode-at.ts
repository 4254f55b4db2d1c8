import type { KeyMode } from "./action";

/** What keys mean at an element: on the document or nowhere they are commands, in a block's text they are typed. */
export function keyModeAt(target: Element): KeyMode {
  const block = target.closest("[data-block]");
  if (isEditable(target)) return block !== null && target.closest("[data-own-keys]") === null ? "edit" : "field";
  if (target.closest("[role=grid], [data-own-keys]") !== null) return "field";
  return target === document.body || target.closest("[data-commands]") !== null ? "command" : "field";
}

function isEditable(target: Element): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
