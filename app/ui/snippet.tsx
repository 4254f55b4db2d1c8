import Copy from "lucide-solid/icons/copy";
import { copyText } from "~/values/copy-text";

/** A piece of text to be copied as it stands. */
export function Snippet(props: { readonly text: string; readonly label: string }) {
  return (
    <div class="snippet">
      <pre class="code-block" tabindex="0" role="region" aria-label={props.label}>
        {props.text}
      </pre>
      <button
        type="button"
        class="icon-button"
        aria-label={`Copy: ${props.label}`}
        title="Copy"
        onClick={() => void copyText(props.text)}
      >
        <Copy />
      </button>
    </div>
  );
}
