// What a notebook's page loads right after it is shown: what can be done with it and its parts.
export { BlockTools } from "./block-tools";
export { CellProblems } from "./cell-problems";
export { CellTools } from "./cell-tools";
export { FirstCell } from "./first-cell";
export { NotANotebook } from "./not-a-notebook";
export { PageBars } from "./page-bars";
export { PagePanels } from "./page-panels";
export { ProseTools } from "./prose-tools";
export { TopTools } from "./top-tools";
