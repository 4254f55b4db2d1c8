import { createRenderEffect } from "solid-js";

/**
 * Shows a text from outside in a field, which hands over what is typed by `change`: whatever comes while somebody types, their own text
 * stays until it is handed over. Given as the field's `ref`, in place of `value`.
 */
export function outsideText(text: () => string): (field: HTMLInputElement | HTMLTextAreaElement) => void {
  return (field) => {
    let isTyped = false;
    field.addEventListener("input", () => (isTyped = true));
    field.addEventListener("change", () => (isTyped = false));
    field.addEventListener("blur", () => {
      // It is as it was when they came, and nothing is handed over.
      if (isTyped) field.value = text();
      isTyped = false;
    });
    createRenderEffect((before: string | undefined) => {
      const now = text();
      // Told anew as it was it leaves what stands there, which may be wrong and said to be.
      if (now !== before && !isTyped) field.value = now;
      return now;
    }, undefined);
  };
}
