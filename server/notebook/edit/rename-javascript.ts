import type { TextEdit } from "../operation.ts";
import { canBeReadInCode } from "../references/can-be-read-in-code.ts";
import { freeNames } from "../references/javascript-names.ts";
import { SheafError } from "../sheaf-error.ts";
import { positionAt } from "#server/language/position.ts";
import type { Renaming } from "./renaming.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/** The body of a function after a rename: free names only. A shorthand `{ topic }` keeps its key. Throws where a declaration would capture the new name. */
export function renameInJavascript(source: string, { pairs }: Renaming): string {
  const names = freeNames(source);
  const edits: TextEdit[] = [];
  for (const { from, to } of pairs) {
    const [first] = from;
    const [newFirst] = to;
    const uses = names.filter(({ name }) => name === first);
    if (from.length === 1 && newFirst !== undefined) {
      if (uses.length > 0 && !canBeReadInCode(newFirst))
        throw new SheafError("operation.would-capture", `\`${newFirst}\` is JavaScript's own there`, {
          cure: "Choose another name.",
          position: positionAt(source, uses[0]!.start, uses[0]!.end),
        });
      const other = uses.length === 0 ? undefined : names.find(({ name }) => name === newFirst);
      const captured = uses.find((use) => use.isDeclaredAround(newFirst)) ?? other;
      if (captured !== undefined)
        throw new SheafError("operation.would-capture", `\`${newFirst}\` already means something else there`, {
          cure: "Choose another name, or rename what the code calls so.",
          position: positionAt(source, captured.start, captured.end),
        });
      for (const { start, end, isShorthand } of uses)
        edits.push({ start, end, text: isShorthand ? `${first}: ${newFirst}` : newFirst });
    } else {
      for (const { members } of uses) {
        const [member] = members;
        if (member !== undefined && member.name === from[1])
          edits.push({ start: member.start, end: member.end, text: to[1]! });
      }
    }
  }
  return applyEdits(source, inOrder(source, edits));
}
