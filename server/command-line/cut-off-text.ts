import type { PlainCell } from "./results-json.ts";

/** How many answers ended at the most tokens they may have, and whose they are: they are results, and may say half; "" where none did. */
export function cutOffText(cells: { readonly [name: string]: PlainCell }): string {
  const counts = Object.entries(cells).flatMap(([name, cell]) => [
    { name, count: [...(cell.variants ?? [cell])].filter((one) => one.cut_off === true).length },
    ...Object.entries(cell.cells ?? {}).map(([column, { cut_off: count = 0 }]) => ({
      name: `${name}.${column}`,
      count,
    })),
  ]);
  const found = counts.filter(({ count }) => count > 0);
  if (found.length === 0) return "";
  const sum = found.reduce((total, { count }) => total + count, 0);
  const words = sum === 1 ? "answer is cut off at the most tokens it" : "answers are cut off at the most tokens they";
  const names = found.map(({ name }) => name).join(", ");
  return `${sum.toLocaleString("en")} ${words} may have: ${names}\n  Raise max_tokens there.\n`;
}
