import { foldName } from "../names.ts";
import type { Cell, Diagnostic, Input } from "../notebook.ts";
import type { Position } from "../value.ts";

interface Use {
  readonly name: string;
  readonly what: "cell" | "input";
  readonly position: Position;
  readonly cell: Cell | null;
}

/**
 * Names given more than once, whatever their case, each reported where it stands. Wordings of one cell share its name:
 * they must stand in one place, be of one kind and have labels of their own. `cells` are all of the notebook, with their container.
 */
export function nameDiagnostics(
  inputs: readonly Input[],
  cells: Iterable<{ readonly cell: Cell; readonly container: Cell | null }>,
): Diagnostic[] {
  const uses = new Map<string, Use[]>();
  const containers = new Map<Cell, Cell | null>();
  const add = (use: Use): void => {
    const known = uses.get(foldName(use.name));
    if (known === undefined) uses.set(foldName(use.name), [use]);
    else known.push(use);
  };
  for (const input of inputs) add({ name: input.name, what: "input", position: input.position, cell: null });
  for (const { cell, container } of cells) {
    add({ name: cell.name, what: "cell", position: cell.position, cell });
    containers.set(cell, container);
  }
  return [...uses.values()].filter((group) => group.length > 1).flatMap((group) => groupDiagnostics(group, containers));
}

function groupDiagnostics(group: readonly Use[], containers: ReadonlyMap<Cell, Cell | null>): Diagnostic[] {
  const first = group[0]!.cell;
  const wordings = group.every(
    ({ name, cell }) =>
      first !== null &&
      cell !== null &&
      cell.label !== null &&
      name === first.name &&
      containers.get(cell) === containers.get(first),
  );
  return wordings ? wordingDiagnostics(group.map((use) => use.cell!)) : group.map((use) => duplicate(use, group));
}

function duplicate(use: Use, group: readonly Use[]): Diagnostic {
  const other = group.find((candidate) => candidate !== use)!;
  const same = other.name === use.name ? "" : `, written \`${other.name}\``;
  return {
    severity: "error",
    code: "notebook.duplicate-name",
    message: `\`${use.name}\` is also the name of the ${other.what} at line ${other.position.line}${same}`,
    cure: "Rename one of them; names differ by more than their case.",
    position: use.position,
    cell: use.name,
  };
}

function wordingDiagnostics(cells: readonly Cell[]): Diagnostic[] {
  const [first] = cells;
  const found: Diagnostic[] = [];
  const labelled = new Map<string | null, Cell[]>();
  for (const cell of cells) {
    const same = labelled.get(cell.label);
    if (same === undefined) labelled.set(cell.label, [cell]);
    else if (same.length === 1) same.push(cell);
  }
  for (const cell of cells) {
    const place = { severity: "error", position: cell.position, cell: cell.name } as const;
    const path = `${cell.name}.${cell.label}`;
    if (cell.kind !== first!.kind) {
      const message = `the wording \`${path}\` is a ${cell.kind}, and \`${first!.name}.${first!.label}\` is a ${first!.kind}`;
      found.push({
        ...place,
        code: "notebook.wording-kind",
        message,
        cure: "Give all wordings of a cell the same kind.",
      });
    }
    const twin = labelled.get(cell.label)!.find((other) => other !== cell);
    if (twin !== undefined) {
      const message = `there is another wording \`${path}\` at line ${twin.position.line}`;
      found.push({ ...place, code: "notebook.duplicate-label", message, cure: "Give one of them another label." });
    }
  }
  return found;
}
