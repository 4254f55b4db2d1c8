import { createSignal, For, Show } from "solid-js";
import { pictureOfDatum } from "./picture";
import type { CallImage } from "#server/notebook/services.ts";
import type { SentImage } from "#server/runner/call-detail.ts";
import "./sent-images.css";

/** A picture that was sent, or one that would be, with its bytes where they are not kept yet. */
type ShownImage = SentImage & Pick<CallImage, "base64">;

/** The pictures that go to a model with a message, before its text. */
export function SentImages(props: { readonly images: readonly ShownImage[] }) {
  return (
    <Show when={props.images.length > 0}>
      <ul class="sent-images" aria-label="Pictures sent with it">
        <For each={props.images}>{(image) => <SentPicture image={image} />}</For>
      </ul>
    </Show>
  );
}

function SentPicture(props: { readonly image: ShownImage }) {
  const [isLost, setLost] = createSignal(false);
  const address = () => {
    const { hash, name, mediaType, base64 } = props.image;
    return pictureOfDatum(base64 ?? { hash, name, mediaType, bytes: 0 });
  };
  return (
    <li>
      <Show
        when={!isLost() && address()}
        fallback={<span class="dim">{props.image.name}: its bytes are no longer in this workspace</span>}
      >
        {(picture) => (
          <a href={picture()} target="_blank" rel="noopener noreferrer" aria-label={`Open ${props.image.name}`}>
            <img src={picture()} alt={props.image.name} loading="lazy" onError={() => setLost(true)} />
          </a>
        )}
      </Show>
      <Show when={!isLost()}>
        <span class="mono">{props.image.name}</span>
      </Show>
    </li>
  );
}
