import { createSignal, type Accessor } from "solid-js";
import type { Value } from "#server/notebook/value.ts";

/** One thing to read in full size. */
export interface ReaderItem {
  readonly label: string;
  /** What tells it from what it is compared with. */
  readonly name?: string;
  /** Where the rest of it can be had; null where all of it is here. */
  readonly address: string | null;
  readonly value: Value;
  readonly full: number | null;
  /** How the rest of it is had where it has no address. */
  readonly whole?: () => Promise<Value | null>;
  /** What it can be compared with, word by word. */
  readonly against?: ReaderItem;
}

/** Things to read one after another; what each is may come later. */
export interface Reading {
  readonly count: number;
  item(index: number): ReaderItem;
  readonly first: number;
  /** Whether the comparison is shown at first. */
  readonly compares?: boolean;
  /** Told which one is read now. */
  moved?(index: number): void;
  closed?(): void;
}

const [reading, setReading] = createSignal<Reading | null>(null);

/** What is being read in full size; null for nothing. */
export const whatIsRead: Accessor<Reading | null> = reading;

/** Opens texts in the full-screen reader, beginning with one of them. */
export function openReader(items: readonly ReaderItem[], first = 0): void {
  if (items.length > 0) setReading({ count: items.length, item: (index) => items[index]!, first });
}

/** Opens what comes one by one, as rows of a long list do. */
export function readThrough(reading: Reading): void {
  setReading(reading);
}

export function closeReader(): void {
  reading()?.closed?.();
  setReading(null);
}
