/** A piece of a text: put in from a value, or of the template's own. */
export interface MarkedPart {
  readonly text: string;
  readonly from: string | null;
}

/** Values shorter than this stand in texts by chance. */
const shortest = 4;

/** The parts of a text that are values which went into it, by the names they came from; the longest first where they overlap. */
export function markValues(text: string, values: { readonly [name: string]: string }): readonly MarkedPart[] {
  const known = Object.entries(values)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value.length >= shortest)
    .sort(([, left], [, right]) => right.length - left.length);
  let parts: readonly MarkedPart[] = [{ text, from: null }];
  for (const [name, value] of known)
    parts = parts.flatMap((part) =>
      part.from !== null || !part.text.includes(value)
        ? [part]
        : part.text.split(value).flatMap((piece, index): MarkedPart[] =>
            index === 0
              ? [{ text: piece, from: null }]
              : [
                  { text: value, from: name },
                  { text: piece, from: null },
                ],
          ),
    );
  return parts.filter((part) => part.text !== "");
}
