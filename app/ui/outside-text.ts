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
    createRenderEffect(() => {
      const now = text();
      if (!isTyped) field.value = now;
    });
  };
}
