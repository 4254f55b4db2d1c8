import { createSignal, type ParentProps } from "solid-js";

/** A box that files are dropped on; `take` is given the first. */
export function DropBox(
  props: ParentProps<{ take(file: File | undefined): void; onPaste?: (event: ClipboardEvent) => void }>,
) {
  const [isOver, setOver] = createSignal(false);
  return (
    <div
      class="table-input"
      classList={{ over: isOver() }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        props.take(event.dataTransfer?.files[0]);
      }}
      onPaste={(event) => props.onPaste?.(event)}
    >
      {props.children}
    </div>
  );
}
