import { createResource, type Resource } from "solid-js";
import type { Field } from "#server/notebook/cell-kind.ts";
import { allKinds, type KindForm } from "~/notebook/all-kinds";
import { commonFields } from "./common-fields";

/** The forms of all kinds of cells, by kind. */
export function useKinds(): Resource<ReadonlyMap<string, KindForm>> {
  const [kinds] = createResource(async () => new Map((await allKinds()).map((each) => [each.kind, each])));
  return kinds;
}

/** The field of a setting of a kind: its own, what every cell has, or a text for one nobody knows. */
export function fieldOf(kind: KindForm | undefined, key: string): Field {
  return (
    kind?.fields.find((field) => field.key === key) ??
    commonFields.find((field) => field.key === key) ?? { key, label: key, control: "schema" }
  );
}
