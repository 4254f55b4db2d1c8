import { createContext, useContext } from "solid-js";
import type { SheetModel } from "./sheet-model";
import type { SheetHands } from "./sheet-hands";
import type { SheetPanels } from "./sheet-panels";

/** What every part of a sheet's screen has at hand. */
export interface SheetContextValue {
  readonly model: SheetModel;
  readonly hands: SheetHands;
  readonly panels: SheetPanels;
}

export const SheetContext = createContext<SheetContextValue>();

export function useSheet(): SheetContextValue {
  const context = useContext(SheetContext);
  if (context === undefined) throw new Error("this part belongs to a sheet");
  return context;
}
