/** Panels that open over or beside a notebook's document. */
export type PagePanel = "palette" | "help" | "find" | "problems" | "values";
