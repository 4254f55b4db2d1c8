import { addressText, type Address } from "#server/notebook/address.ts";
import { isAt } from "#server/notebook/axis.ts";
import { wholeOf } from "#server/notebook/part-of-cell.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** A cell of which a run is to stop, or one of its results alone. */
export interface CancelTarget {
  readonly cell: string;
  /** Coordinates the results to be stopped agree with: a sheet's row under its name, axes. */
  readonly at?: Address["at"];
}

/** The code of a result that was stopped by itself, while its run goes on. */
export const cancelledCode = "cell.cancelled";

export function cancelledError(address: Address): SheafError {
  return new SheafError(cancelledCode, `${addressText(address)} was cancelled`);
}

/** Whether an address is of a target: of its cell, or of the repeats the cell is made of, at the coordinates given. */
export function isOf(address: Address, { cell, at = {} }: CancelTarget): boolean {
  return (address.cell === cell || wholeOf(address.cell) === cell) && isAt(address.at, at);
}
