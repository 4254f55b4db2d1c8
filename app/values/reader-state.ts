import { createSignal, type Accessor } from "solid-js";
import type { Value } from "#server/notebook/value.ts";

/** One thing to read in full size. */
export interface ReaderItem {
  readonly label: string;
  /** Where the rest of it can be had; null where all of it is here. */
  readonly address: string | null;
  readonly value: Value;
  readonly full: number | null;
}

interface Reading {
  readonly items: readonly ReaderItem[];
  readonly first: number;
}

const [reading, setReading] = createSignal<Reading | null>(null);

/** What is being read in full size; null for nothing. */
export const whatIsRead: Accessor<Reading | null> = reading;

/** Opens texts in the full-screen reader, beginning with one of them. */
export function openReader(items: readonly ReaderItem[], first = 0): void {
  if (items.length > 0) setReading({ items, first });
}

export function closeReader(): void {
  setReading(null);
}
