import { For } from "solid-js";
import type { ValuePart } from "./value-view";
import { TextView } from "./text-view";
import "./messages-view.css";

/** Messages of a conversation, each with its role. */
export function MessagesView(props: ValuePart<"messages">) {
  return (
    <div class="messages">
      <For each={props.value.value} fallback={<p class="ghost">No messages.</p>}>
        {(message) => (
          <div class="message">
            <span class={`message-role ${message.role}`}>{message.role}</span>
            <TextView text={message.content} full={null} address={null} narrow={props.narrow} />
          </div>
        )}
      </For>
    </div>
  );
}
