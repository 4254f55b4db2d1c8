import { createResource, type Resource } from "solid-js";
import type { Field } from "#server/notebook/cell-kind.ts";
import { api } from "~/api";
import { commonFields } from "./common-fields";

export interface KindForm {
  readonly kind: string;
  readonly title: string;
  readonly fields: readonly Field[];
}

let asked: Promise<ReadonlyMap<string, KindForm>> | undefined;

/** The forms of all kinds of cells, asked for once a page. */
export function useKinds(): Resource<ReadonlyMap<string, KindForm>> {
  const [kinds] = createResource(() => {
    asked ??= api.workspace.kinds.query().then((list) => new Map(list.map((each) => [each.kind, each as KindForm])));
    asked.catch(() => (asked = undefined));
    return asked;
  });
  return kinds;
}

/** The field of a setting of a kind: its own, what every cell has, or a text for one nobody knows. */
export function fieldOf(kind: KindForm | undefined, key: string): Field {
  return (
    kind?.fields.find((field) => field.key === key) ??
    commonFields.find((field) => field.key === key) ?? { key, label: key, control: "schema" }
  );
}
