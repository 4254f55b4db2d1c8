import type { PlannedCall } from "./cell-kind.ts";

/** The images of a call in a call that has more messages: they stay where they stand. Nothing where there are none. */
export function stayingImages({
  images = [],
  imageMessage,
  messages,
}: Pick<PlannedCall, "images" | "imageMessage" | "messages">): Pick<PlannedCall, "images" | "imageMessage"> {
  if (images.length === 0) return {};
  return { images, imageMessage: imageMessage ?? messages.findLastIndex(({ role }) => role === "user") };
}
