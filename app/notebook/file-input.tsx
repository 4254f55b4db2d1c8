import { createSignal, Show } from "solid-js";
import { storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { CellError, Datum, StoredFile } from "#server/notebook/value.ts";
import type { InputView } from "#server/workbench/view.ts";
import { problemOf } from "~/api";
import { FileView } from "~/values/file-view";
import { DropBox } from "./drop-box";

/** A file or an image as an input: chosen, dropped or pasted here, and kept in the workspace. */
export function FileInput(props: {
  readonly id: string;
  readonly input: InputView;
  readonly set: (value: Datum) => Promise<void>;
  readonly setProblem: (problem: string | null) => void;
}) {
  const [sending, setSending] = createSignal<string | null>(null);
  const file = () => storedFileOf(props.input.value);

  async function take(chosen: File | undefined): Promise<void> {
    if (chosen === undefined || sending() !== null) return;
    setSending(chosen.name);
    props.setProblem(null);
    try {
      const kept = await keep(chosen);
      await props.set(kept as unknown as Datum);
    } catch (thrown) {
      const { message, cure } = problemOf(thrown);
      props.setProblem(`${message}. ${cure ?? ""}`);
    } finally {
      setSending(null);
    }
  }
  return (
    <DropBox take={(given) => void take(given)} onPaste={(event) => void take(event.clipboardData?.files[0])}>
      <Show when={file()}>
        {(now) => <FileView value={{ type: props.input.type === "image" ? "image" : "file", value: now() }} narrow />}
      </Show>
      <label class="button">
        {sending() === null ? (file() === null ? "Choose a file …" : "Another …") : `Copying ${sending()} …`}
        <input
          id={props.id}
          class="visually-hidden"
          type="file"
          accept={props.input.type === "image" ? "image/png,image/jpeg,image/gif,image/webp" : undefined}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      <span class="dim">or drop one here</span>
    </DropBox>
  );
}

async function keep(file: File): Promise<StoredFile> {
  const answer = await fetch(`/api/files?name=${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
  const said = (await answer.json()) as StoredFile | { readonly error: CellError };
  if ("error" in said) throw Object.assign(new Error(said.error.message), { data: { problem: said.error } });
  return said;
}
