import { For, Show } from "solid-js";
import { asSentence } from "./as-sentence";
import { CodeWords } from "./code-words";
import { closeToast, shownToasts } from "./toasts";
import "./toasts.css";

/** The toasts over a page. */
export function ToastList() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={shownToasts()}>
        {(toast) => (
          <div class="toast" classList={{ bad: toast.bad }}>
            <div>
              <p>
                <CodeWords text={toast.bad ? asSentence(toast.text) : toast.text} />
              </p>
              <Show when={toast.cure}>
                <p class="toast-cure">
                  <CodeWords text={toast.cure!} />
                </p>
              </Show>
            </div>
            <Show when={toast.action}>
              {(action) => (
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    closeToast(toast.id);
                    action().run();
                  }}
                >
                  {action().label}
                </button>
              )}
            </Show>
            <button
              type="button"
              class="quiet"
              aria-label="Close"
              // The focus stays where one types.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => closeToast(toast.id)}
            >
              ×
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
