import { DialogHost } from "./dialogs";
import { MenuHost } from "./menu";
import { TooltipHost } from "./tooltip";

/** Where what opens above every page is drawn: menus, questions and tooltips. */
export function Hosts() {
  return (
    <>
      <MenuHost />
      <DialogHost />
      <TooltipHost />
    </>
  );
}
