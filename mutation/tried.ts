/** What of Stryker's report is read. */
export interface Report {
  readonly files: { readonly [path: string]: { readonly mutants: readonly Mutant[] } };
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: object;
  readonly status: string;
}

/** How many changes there are, and how many of them were noticed. Those that cannot run are none. */
export interface Tried {
  readonly changes: number;
  readonly noticed: number;
  /** Of the changes, those that no report has tried. */
  readonly untried: number;
}

/** Joins reports of the same files, each of which left out what the others tried. */
export function tried(reports: readonly Report[]): Tried {
  const statuses = new Map<string, string>();
  for (const { files } of reports)
    for (const [path, { mutants }] of Object.entries(files))
      for (const { mutatorName, replacement, location, status } of mutants) {
        const change = JSON.stringify([path, location, mutatorName, replacement]);
        if (status !== "Ignored" || !statuses.has(change)) statuses.set(change, status);
      }
  const count = (...some: readonly string[]): number =>
    [...statuses.values()].filter((status) => some.includes(status)).length;
  const noticed = count("Killed", "Timeout");
  const untried = count("Ignored", "Pending");
  return { changes: noticed + untried + count("Survived", "NoCoverage"), noticed, untried };
}
