import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { EditorHost } from "../editor-host";
import { namedThing, type NamedThing } from "./page-names";
import { nameUnder } from "./source-names-facet";

/** The thing a name at a place of an editor's text stands for. */
export function thingAt(view: EditorView, host: EditorHost, offset: number): NamedThing | null {
  const found = nameUnder(view.state, offset);
  if (found === null) return null;
  const thing = namedThing(
    host.names(),
    found.name.parts.map(({ text }) => text),
  );
  return thing?.thing ?? null;
}

/** A click with Ctrl or Cmd goes to where a name is from. */
export function clickToName(host: EditorHost): Extension {
  return EditorView.domEventHandlers({
    mousedown(event, view) {
      if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
      const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
      const thing = offset === null ? null : thingAt(view, host, offset);
      if (thing === null) return false;
      event.preventDefault();
      host.goTo(thing);
      return true;
    },
  });
}
