import FileText from "lucide-solid/icons/file-text";
import ImageIcon from "lucide-solid/icons/image";
import { createSignal, Show } from "solid-js";
import { bytesText } from "./bytes-text";
import { pictureOf } from "./picture";
import type { Value } from "#server/notebook/value.ts";
import type { ValuePart } from "./value-view";
import "./file-view.css";

/** A file or a picture: what it shows, its name, kind and size. */
export function FileView(
  props: Pick<ValuePart<"file">, "narrow"> & { readonly value: Extract<Value, { readonly type: "file" | "image" }> },
) {
  const file = () => props.value.value;
  const [isLost, setLost] = createSignal(false);
  return (
    <figure class="value-file" classList={{ narrow: props.narrow }}>
      <Show when={props.value.type === "image" && !isLost()}>
        <a href={pictureOf(props.value)!} target="_blank" rel="noopener noreferrer" aria-label={`Open ${file().name}`}>
          <img src={pictureOf(props.value)!} alt={file().name} loading="lazy" onError={() => setLost(true)} />
        </a>
      </Show>
      <figcaption>
        <Show when={props.value.type === "image"} fallback={<FileText aria-hidden="true" />}>
          <ImageIcon aria-hidden="true" />
        </Show>
        <span class="mono">{file().name}</span>
        <span class="dim">
          {file().mediaType} · {bytesText(file().bytes)}
          <Show when={isLost()}> · its bytes are no longer in this workspace</Show>
        </span>
      </figcaption>
    </figure>
  );
}
