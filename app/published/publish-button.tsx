import { askToPublish } from "./asked-to-publish";

/** The button that asks what to publish of the open notebook. */
export function PublishButton() {
  return (
    <button type="button" class="button" onClick={() => askToPublish(true)}>
      Publish
    </button>
  );
}
