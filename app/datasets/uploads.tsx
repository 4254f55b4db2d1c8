import { createSignal, For, Match, onCleanup, Show, Switch } from "solid-js";
import { createStore } from "solid-js/store";
import X from "lucide-solid/icons/x";
import type { CellError } from "#server/notebook/value.ts";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";
import { bytesText } from "~/ui/words";
import { refusal, upload, type Upload } from "./upload";
import "./uploads.css";

/** A file on its way to the datasets, or what became of it. */
interface Sending {
  readonly id: number;
  readonly file: File;
  readonly sent: number;
  readonly state: "sending" | "exists" | "failed";
  readonly error: CellError | null;
}

export interface Uploads {
  readonly list: readonly Sending[];
  add(files: readonly File[]): void;
  cancel(id: number): void;
  replace(id: number): void;
  dismiss(id: number): void;
}

/** The uploads of a page; `done` hears the name of each file that has come. What goes wrong after the page was left is told in a toast. */
export function createUploads(done: (name: string) => void): Uploads {
  const [list, setList] = createStore<Sending[]>([]);
  const [last, setLast] = createSignal(0);
  const underWay = new Map<number, Upload>();
  const change = (id: number, to: Partial<Sending>): void => setList((one) => one.id === id, to);
  let isLeft = false;
  onCleanup(() => (isLeft = true));
  const dismiss = (id: number): void => setList((before) => before.filter((one) => one.id !== id));

  async function send(id: number, file: File, replace: boolean): Promise<void> {
    change(id, { state: "sending", sent: 0 });
    const going = upload(file, { replace, sent: (bytes) => change(id, { sent: bytes }) });
    underWay.set(id, going);
    const end = await going.ended;
    underWay.delete(id);
    switch (end.type) {
      case "done":
        dismiss(id);
        return done(file.name);
      case "cancelled":
        return dismiss(id);
      case "exists":
        if (isLeft) toasts.problem(exists(file.name));
        return change(id, { state: "exists" });
      case "failed":
        if (isLeft) toasts.problem(end.error);
        return change(id, { state: "failed", error: end.error });
    }
  }

  return {
    list,
    add(files) {
      for (const file of files) {
        const id = setLast(last() + 1);
        const error = refusal(file);
        setList(list.length, { id, file, sent: 0, state: error === null ? "sending" : "failed", error });
        if (error === null) void send(id, file, false);
      }
    },
    cancel: (id) => underWay.get(id)?.cancel(),
    replace(id) {
      const found = list.find((one) => one.id === id);
      if (found !== undefined) void send(id, found.file, true);
    },
    dismiss,
  };
}

const exists = (name: string): CellError => ({
  code: "dataset.exists",
  message: `there is a ${name} already, and it was kept`,
  cure: "Add the file on the page of datasets again to replace it.",
});

/** Files on their way, each with how far it is and a way to stop it. */
export function UploadList(props: { readonly uploads: Uploads }) {
  return (
    <Show when={props.uploads.list.length > 0}>
      <ul class="uploads" aria-label="Uploads">
        <For each={props.uploads.list}>
          {(one) => (
            <li class="upload">
              <Switch>
                <Match when={one.state === "sending"}>
                  <span class="mono">{one.file.name}</span>
                  <progress aria-label={`Sending ${one.file.name}`} max={one.file.size} value={one.sent} />
                  <span class="list-fact">
                    {bytesText(one.sent)} of {bytesText(one.file.size)}
                  </span>
                  <button type="button" class="button" onClick={() => props.uploads.cancel(one.id)}>
                    Cancel
                  </button>
                </Match>
                <Match when={one.state === "exists"}>
                  <span>
                    There is a <span class="mono">{one.file.name}</span> already. Notebooks that read it become stale
                    where it differs.
                  </span>
                  <span class="spring" />
                  <button type="button" class="button" onClick={() => props.uploads.dismiss(one.id)}>
                    Keep the one there
                  </button>
                  <button type="button" class="button primary" onClick={() => props.uploads.replace(one.id)}>
                    Replace it
                  </button>
                </Match>
                <Match when={one.error}>
                  {(error) => (
                    <>
                      <ProblemBox error={error()} />
                      <button
                        type="button"
                        class="icon-button"
                        aria-label="Close"
                        onClick={() => props.uploads.dismiss(one.id)}
                      >
                        <X />
                      </button>
                    </>
                  )}
                </Match>
              </Switch>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
