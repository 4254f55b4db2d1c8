import type { Completion, CompletionSource } from "@codemirror/autocomplete";
import { localCompletionSource } from "@codemirror/lang-javascript";
import type { EditorHost } from "../editor-host";
import { namedThing } from "../names/page-names";

/** Completion of code: its own variables, and those the notebook gives it, with their members. */
export function javascriptCompletion(host: EditorHost): readonly CompletionSource[] {
  return [
    localCompletionSource,
    (context) => {
      const word = context.matchBefore(/[\w$]+(?:\.[\w$]*)*$/);
      if (word === null) return null;
      const names = host.names();
      const path = word.text.split(".");
      const from = context.pos - path.at(-1)!.length;
      if (path.length === 1) {
        const options: Completion[] = [...names.things.values()].flatMap((thing) =>
          thing.name.includes(".") ? [] : [{ label: thing.name, detail: thing.type === "cell" ? thing.kind : "input" }],
        );
        if (names.row !== undefined) options.push({ label: "row", detail: "the row" });
        options.push(...names.others.map((label) => ({ label, detail: "name" })));
        if (names.axes !== undefined) options.push({ label: "vary", detail: "axes" });
        return { from, options, validFor: /^[\w$]*$/ };
      }
      const [first] = path;
      const found = namedThing(names, path.slice(0, -1));
      const members =
        first === "row" && path.length === 2
          ? (names.row ?? [])
          : first === "vary" && path.length === 2
            ? (names.axes ?? []).map(({ name }) => name)
            : found?.thing.type === "cell" && found.length === path.length - 1
              ? found.thing.members
              : [];
      return members.length === 0
        ? null
        : { from, options: members.map((label) => ({ label, detail: "member" })), validFor: /^[\w$]*$/ };
    },
  ];
}
