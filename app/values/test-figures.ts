import type { TestLine } from "#server/notebook/value.ts";

/** What the sides came to; a figure that stands in the line itself says nothing new. */
export function testFigures({ sides, source }: Pick<TestLine, "sides" | "source">): readonly string[] {
  const told = sides.filter((side) => !says(source, side));
  return told.length === 0 && sides.length === 1 ? sides : told;
}

/** Whether a line says a figure by itself: 1 is none that 10 says. */
function says(line: string, figure: string): boolean {
  for (let at = line.indexOf(figure); at >= 0; at = line.indexOf(figure, at + 1))
    if (!/[\w.-]$/.test(line.slice(0, at)) && !/^[\w.]/.test(line.slice(at + figure.length))) return true;
  return false;
}
