import { createMemo, type Accessor } from "solid-js";
import { parseAddress } from "#server/notebook/address.ts";
import { groupRepeats, type VariantGroup } from "./repeats";

/** The variants at addresses, of a sheet's in one of its rows, each with its repeats. They are the same ones until the addresses are others: what is drawn of them stays. */
export function createVariantGroups(
  addresses: Accessor<readonly string[]>,
  sheet: string | null = null,
): Accessor<readonly VariantGroup[]> {
  const lines = createMemo(() => addresses().join("\n"));
  return createMemo(() =>
    groupRepeats(
      lines()
        .split("\n")
        .filter((address) => address !== "")
        .map((address) => {
          const { [sheet ?? ""]: _row, ...at } = parseAddress(address).at;
          return { address, at };
        }),
    ),
  );
}
