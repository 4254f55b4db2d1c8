import { describe, expect, test } from "vitest";
import type { KeyMode } from "./action";
import type { ActionContext } from "./action-context";
import { allActions } from "./all-actions";
import { matchKeys } from "./match-keys";
import { keyText, pressOf, type KeyFacts } from "./press";

/** What a row of presses does in a mode: the action's id, `…` where more is awaited, or `-`. */
function does(presses: string, mode: KeyMode): string {
  let begun: readonly string[] = [];
  let last = "-";
  for (const press of presses.split(" ")) {
    const match = matchKeys(allActions, begun, press, mode);
    begun = match.type === "begun" ? match.presses : [];
    last = match.type === "action" ? match.action.id : match.type === "begun" ? "…" : "-";
  }
  return last;
}

describe("keys", () => {
  test.each<[string, string, string, string]>([
    // presses, in command mode, in a cell's text, in another field
    ["Mod+Enter", "run.cell", "run.cell", "-"],
    ["Shift+Enter", "run.cell-and-go-on", "run.cell-and-go-on", "-"],
    ["Alt+Enter", "run.cell-and-insert", "run.cell-and-insert", "-"],
    ["Mod+Shift+Enter", "run.stale", "run.stale", "-"],
    ["Mod+.", "run.stop", "run.stop", "run.stop"],
    ["i i", "run.stop", "-", "-"],
    ["Enter", "cell.edit", "-", "-"],
    ["Escape", "select.one", "cell.leave", "-"],
    ["a", "cell.insert-above", "-", "-"],
    ["b", "cell.insert-below", "-", "-"],
    ["d", "…", "-", "-"],
    ["d d", "cell.remove", "-", "-"],
    ["d j", "select.next", "-", "-"],
    ["d d d", "…", "-", "-"],
    ["m", "cell.change-kind", "-", "-"],
    ["F2", "cell.rename", "text.rename-name", "-"],
    ["c", "cell.copy", "-", "-"],
    ["Mod+c", "cell.copy", "-", "-"],
    ["x", "cell.cut", "-", "-"],
    ["v", "cell.paste", "-", "-"],
    ["Shift+v", "cell.paste-above", "-", "-"],
    ["Alt+ArrowUp", "cell.move-up", "-", "-"],
    ["Alt+ArrowDown", "cell.move-down", "-", "-"],
    ["h", "cell.hide-code", "-", "-"],
    ["Alt+p", "cell.preview", "cell.preview", "-"],
    ["F12", "-", "text.go-to-name", "-"],
    ["Alt+.", "-", "text.correct-name", "-"],
    ["j", "select.next", "-", "-"],
    ["ArrowUp", "select.previous", "-", "-"],
    ["Shift+ArrowDown", "select.extend-down", "-", "-"],
    ["Shift+k", "select.extend-up", "-", "-"],
    ["Mod+a", "select.all", "-", "-"],
    ["g g", "go.first", "-", "-"],
    ["Shift+g", "go.last", "-", "-"],
    ["g d", "go.dependencies", "-", "-"],
    ["r k", "run.above", "-", "-"],
    ["r j", "run.below", "-", "-"],
    ["r d", "run.downstream", "-", "-"],
    ["r h", "run.section", "-", "-"],
    ["r s", "run.stale", "-", "-"],
    ["z", "edit.undo", "-", "-"],
    ["Mod+z", "edit.undo", "-", "-"],
    ["Shift+z", "edit.redo", "-", "-"],
    ["Mod+Shift+z", "edit.redo", "-", "-"],
    ["Mod+f", "edit.find", "edit.find", "edit.find"],
    ["Mod+s", "edit.save", "edit.save", "edit.save"],
    ["Mod+k", "view.palette", "view.palette", "view.palette"],
    ["?", "view.help", "-", "-"],
    ["ArrowLeft", "view.fold", "-", "-"],
    ["q", "-", "-", "-"],
    ["Tab", "-", "-", "-"],
  ])("%s", (presses, command, edit, field) => {
    expect([does(presses, "command"), does(presses, "edit"), does(presses, "field")]).toEqual([command, edit, field]);
  });

  test("mean one thing in each mode, and none begins another's", () => {
    for (const mode of ["command", "edit"] as const) {
      const all = allActions.flatMap(({ id, keys }) =>
        keys
          .filter(({ where }) => where === mode || where === "cell" || where === "anywhere")
          .map(({ press }) => [press, id]),
      );
      const presses = all.map(([press]) => press);
      expect(new Set(presses).size).toBe(presses.length);
      for (const press of presses) expect(presses.filter((other) => other!.startsWith(`${press} `))).toEqual([]);
    }
  });

  const event = (key: string, more: Partial<KeyFacts> = {}): KeyFacts => ({
    key,
    code: "",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });
  test.each<[KeyFacts, boolean, string | null]>([
    [event("j"), false, "j"],
    [event("J", { shiftKey: true }), false, "Shift+j"],
    [event("J"), false, "j"],
    [event("Enter", { ctrlKey: true }), false, "Mod+Enter"],
    [event("Enter", { metaKey: true }), true, "Mod+Enter"],
    [event("Enter", { ctrlKey: true }), true, "Control+Enter"],
    [event("k", { metaKey: true }), false, "Meta+k"],
    [event("?", { shiftKey: true, code: "Slash" }), false, "?"],
    [event("Z", { shiftKey: true, ctrlKey: true }), false, "Mod+Shift+z"],
    [event("ArrowUp", { shiftKey: true }), false, "Shift+ArrowUp"],
    [event("о", { code: "KeyJ" }), false, "j"],
    [event("О", { code: "KeyJ", shiftKey: true }), false, "Shift+j"],
    [event("∆", { code: "KeyJ", altKey: true }), true, "Alt+j"],
    [event("ß", { code: "Minus" }), false, "ß"],
    [event(" "), false, "Space"],
    [event("."), false, "."],
    [event("Shift", { shiftKey: true }), false, null],
    [event("Dead"), false, null],
  ])("an event %j is what the table writes (%s) as %s", (facts, isMac, expected) => {
    expect(pressOf(facts, isMac)).toBe(expected);
  });

  test("are shown as the machine's people write them", () => {
    const rows = ["Mod+Shift+Enter", "d d", "Alt+ArrowUp", "?", "Mod+.", "Shift+z"];
    expect(rows.map((keys) => keyText(keys, false))).toEqual([
      "Ctrl+Shift+Enter",
      "D D",
      "Alt+↑",
      "?",
      "Ctrl+.",
      "Shift+Z",
    ]);
    expect(rows.map((keys) => keyText(keys, true))).toEqual(["⌘⇧↩", "D D", "⌥↑", "?", "⌘.", "⇧Z"]);
  });
});

describe("actions", () => {
  const nobody = {
    view: {
      head: { head: { trusted: true, undo: null, redo: "editing topic", inputs: [] } },
      cells: {},
      nodes: {},
      runs: {},
      prose: {},
    },
    selection: { cell: null, mode: "command", address: null, anchor: null },
    blocks: { all: [], visible: [] },
    outline: [],
    kinds: async () => [],
    models: async () => [],
  } as unknown as ActionContext;
  const named = (id: string) => allActions.find((action) => action.id === id)!;

  test("have ids and words of their own", () => {
    expect(new Set(allActions.map(({ id }) => id)).size).toBe(allActions.length);
    const labels = allActions.map((action) => action.label(nobody));
    expect(new Set(labels).size).toBe(labels.length);
  });

  test("say why they cannot be done where nothing is selected, nothing runs and nothing was done", () => {
    const reasons = Object.fromEntries(allActions.map((action) => [action.id, action.disabled(nobody)]));
    expect(reasons).toMatchObject({
      "run.cell": "Select a cell",
      "run.stop": "Nothing is running",
      "run.stale": null,
      "cell.remove": "Select a block",
      "cell.rename": "Select one cell",
      "edit.undo": "There is nothing to undo",
      "edit.redo": null,
      "go.inputs": "The notebook has no inputs",
    });
  });

  test("run nothing in a notebook that nobody trusts", () => {
    const stranger = {
      ...nobody,
      view: { ...nobody.view, head: { head: { ...nobody.view.head.head, trusted: false } } },
    };
    expect(named("run.stale").disabled(stranger)).toBe("Trust this notebook first");
    expect([named("notebook.trust").available(stranger), named("notebook.trust").available(nobody)]).toEqual([
      true,
      false,
    ]);
  });

  test("say in their words what they would do now", () => {
    expect(named("edit.redo").label(nobody)).toBe("Redo editing topic");
    const several = {
      ...nobody,
      view: { ...nobody.view, cells: { a: {}, b: {}, c: {} } },
      blocks: { all: ["a", "b", "c"], visible: ["a", "b", "c"] },
      selection: { cell: "c", mode: "command", address: null, anchor: "a" },
    } as unknown as ActionContext;
    expect(named("run.cell").label(several)).toBe("Run 3 cells");
  });
});
