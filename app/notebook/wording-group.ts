import { createContext } from "solid-js";

/** Whether a cell stands in a block with the other wordings of its name. */
export const WordingGroup = createContext(false);
