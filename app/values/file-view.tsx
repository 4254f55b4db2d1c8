import FileText from "lucide-solid/icons/file-text";
import ImageIcon from "lucide-solid/icons/image";
import { Show } from "solid-js";
import { bytesText } from "./bytes-text";
import type { ValuePart } from "./value-view";
import "./file-view.css";

/** A file or a picture by its name, kind and size. */
export function FileView(props: ValuePart<"file"> | ValuePart<"image">) {
  return (
    <p class="value-file">
      <Show when={props.value.type === "image"} fallback={<FileText aria-hidden="true" />}>
        <ImageIcon aria-hidden="true" />
      </Show>
      <span class="mono">{props.value.value.name}</span>
      <span class="dim">
        {props.value.value.mediaType} · {bytesText(props.value.value.bytes)}
      </span>
    </p>
  );
}
