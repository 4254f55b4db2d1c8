import { Show } from "solid-js";
import { useNotebook } from "./notebook-context";

/** What is wrong between the page and the notebook's file, with what can be done about it. */
export function FileProblem() {
  const { store, actions } = useNotebook();
  const problem = () => store.view.head.head.fileProblem;
  return (
    <Show when={problem()}>
      {(now) => (
        <div class="problem" role="alert" style={{ margin: "8px 20px 0" }}>
          <div>
            <strong>{now().message}.</strong> {now().cure}
          </div>
          <span class="spring" />
          <Show when={now().code === "file.conflict"}>
            <button type="button" class="button" onClick={() => void actions.takeFile()}>
              Take the file’s
            </button>
          </Show>
          <button type="button" class="button" onClick={() => void actions.keepMine()}>
            {now().code === "file.conflict" ? "Keep what is here" : "Write it again"}
          </button>
        </div>
      )}
    </Show>
  );
}
