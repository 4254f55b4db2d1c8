import { positionAt } from "#server/language/position.ts";
import { plainReference, problemOf, type Found } from "./found.ts";
import { javascriptGlobals } from "./javascript-globals.ts";
import { freeNames } from "./javascript-names.ts";

/** What the body of a function reads: the free names that JavaScript itself does not give, with their fixed attributes. */
export function javascriptReferences(source: string): Found {
  try {
    const references = freeNames(source)
      .filter(({ name, isRead }) => isRead && !javascriptGlobals.has(name))
      .map(({ name, start, end, members }) =>
        plainReference(
          name,
          members.map((member) => member.name),
          positionAt(source, start, end),
        ),
      );
    return { references, problems: [] };
  } catch (thrown) {
    return { references: [], problems: [problemOf(thrown, positionAt(source, 0, 0))] };
  }
}
