import type { Field } from "#server/notebook/cell-kind.ts";
import { api } from "~/api";
import { askedOnce } from "./asked-once";

/** A kind of cell as it is offered, with the form of its settings. */
export interface KindForm {
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly fields: readonly Field[];
}

/** The kinds of cells there are, in the order of the insert menu. */
export const allKinds = askedOnce(async () => (await api.workspace.kinds.query()) as readonly KindForm[]);
