import { DialogHost } from "./dialogs";
import { holdDoubleClicks } from "./double-clicks";
import { MenuHost } from "./menu";
import { ToastList } from "./toast-list";
import { TooltipHost } from "./tooltip";

/** Where what opens above every page is drawn: menus, questions, tooltips and toasts. */
export function Hosts() {
  holdDoubleClicks();
  return (
    <>
      <MenuHost />
      <DialogHost />
      <TooltipHost />
      <ToastList />
    </>
  );
}
