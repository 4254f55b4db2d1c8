/**
 * The cluster of each unit, of a row say: units whose results came of the same calls are one, a unit without calls is one by itself.
 * `calls` is equal where the same were made, and null where none were.
 */
export function unitClusters(
  results: readonly { readonly unit: string; readonly calls: string | null }[],
): ReadonlyMap<string, string> {
  const units = new Map<string, Set<string>>();
  for (const { unit, calls } of results) {
    const known = units.get(unit) ?? new Set();
    units.set(unit, known);
    if (calls !== null) known.add(calls);
  }
  return new Map(
    [...units].map(([unit, calls]) => [
      unit,
      calls.size === 0 ? `unit ${unit}` : `calls ${[...calls].sort().join(" ")}`,
    ]),
  );
}
