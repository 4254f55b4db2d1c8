/** A page of rows, as a fetch answers it. */
export interface RowPage<Row> {
  /** Rows of the whole list. */
  readonly total: number;
  /** Which order of the list it is of. */
  readonly order: string;
  readonly rows: readonly Row[];
}

export interface RowBlocksSettings<Page extends RowPage<unknown>> {
  /** Rows of a block. */
  readonly size: number;
  /** Reads rows; null where there are none to be had. `first` is the first read of a list. */
  readonly fetch: (from: number, to: number, first: boolean, signal: AbortSignal) => Promise<Page | null>;
  /** A block came, or the list is another. */
  readonly told: (what: number | "all") => void;
  readonly failed: (thrown: unknown) => void;
  readonly now: () => number;
  /** Does something later; gives what takes that back. */
  readonly later: (work: () => void, milliseconds: number) => () => void;
}

/** Rows of a list that is read by blocks as they come into sight. */
export interface RowBlocks<Page extends RowPage<unknown>> {
  /** What is known of a block; it may be of before the last change. */
  block(block: number): Page | undefined;
  /** Whether what is known of a block was asked for after the last change. */
  isNow(block: number): boolean;
  /** Whether a block is in sight: it is read again after each change. */
  isSeen(block: number): boolean;
  /** The order of the list that its blocks are of; null where nothing is known. */
  readonly order: string | null;
  /** Rows there are; undefined until it is known, null where there are none to be had. */
  readonly total: number | null | undefined;
  /** Whether anything that is seen is being read. */
  readonly reading: boolean;
  /** These rows are seen now: what is missing of them is read, and reads of others are given up. */
  want(first: number, last: number): void;
  /** What the rows show has changed: what is seen is read again, a few times a second at most, and the rest when it is seen. */
  changed(): void;
  /** The list is another one. What is known of the old stays until the new comes. */
  reset(): void;
  close(): void;
}

interface Known<Page> {
  readonly page: Page | null;
  /** How many changes there had been when it was asked for. */
  readonly changes: number;
}

/** Blocks kept; of those beyond, the farthest go. */
const kept = 48;
const atOnce = 3;
/** Milliseconds between two times that what is seen is read again. */
const refreshEvery = 250;
const retryAfter = 2_000;

export function createRowBlocks<Page extends RowPage<unknown>>(settings: RowBlocksSettings<Page>): RowBlocks<Page> {
  const { size, fetch, told, failed, now, later } = settings;
  const blocks = new Map<number, Known<Page>>();
  const reading = new Map<number, AbortController>();
  let total: number | null | undefined;
  let order: string | null = null;
  let seen = { first: 0, last: 1 };
  /** Which way one went last. */
  let direction: 1 | -1 = 1;
  let changes = 0;
  let refreshed = Number.NEGATIVE_INFINITY;
  /** Whether the list was set anew and nothing of it has come. */
  let fresh = true;
  let takeBack: (() => void) | null = null;
  let waiting = false;
  let closed = false;

  /** Blocks in sight, those in its middle first. */
  function wanted(): readonly number[] {
    const end = fresh ? Number.POSITIVE_INFINITY : (total ?? 0);
    const first = Math.floor(seen.first / size);
    const last = Math.ceil(Math.min(seen.last, end) / size);
    const all = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
    const middle = (seen.first + seen.last) / 2 / size - 0.5;
    if (all.length === 0) return [0];
    return all.sort((left, right) => Math.abs(left - middle) - Math.abs(right - middle));
  }

  const isOld = (block: number): boolean => !fresh && blocks.has(block) && blocks.get(block)!.changes !== changes;

  /** Blocks beside those in sight, where one is likely to go next: two the way one goes, and one back. */
  function near(visible: readonly number[]): readonly number[] {
    if (fresh || total == null) return [];
    const [before, after] = [Math.min(...visible) - 1, Math.max(...visible) + 1];
    const beside = direction > 0 ? [after, after + 1, before] : [before, before - 1, after];
    return beside.filter((block) => block >= 0 && block * size < total!);
  }

  function readOn(): void {
    if (closed || waiting) return;
    const all = wanted();
    const beside = near(all);
    for (const [block, abort] of reading) {
      if (all.includes(block) || beside.includes(block)) continue;
      reading.delete(block);
      abort.abort();
    }
    const due = refreshed + refreshEvery <= now();
    const isMissing = (block: number): boolean => fresh || !blocks.has(block) || (due && isOld(block));
    const missing = all.filter((block) => !reading.has(block) && isMissing(block));
    // What is seen has the server to itself until it is there; what lies beside it is read one after another, the nearest first.
    const ahead = missing.length + reading.size > 0 ? [] : beside.filter((block) => !blocks.has(block)).slice(0, 1);
    // The first answer says how many rows there are, and puts a new list in order once.
    const next = [...missing, ...ahead].slice(0, Math.max(0, (fresh ? 1 : atOnce) - reading.size));
    if (next.some(isOld)) refreshed = now();
    for (const block of next) void read(block);
    if (all.some((block) => isOld(block) && !reading.has(block))) refreshLater();
  }

  /** What was read too short a while ago to be read again has its turn later. */
  function refreshLater(): void {
    takeBack ??= later(
      () => {
        takeBack = null;
        readOn();
      },
      Math.max(0, refreshed + refreshEvery - now()),
    );
  }

  async function read(block: number): Promise<void> {
    const abort = new AbortController();
    const changesThen = changes;
    const first = fresh;
    reading.set(block, abort);
    try {
      const page = await fetch(block * size, (block + 1) * size, first, abort.signal);
      if (!abort.signal.aborted) take(block, { page, changes: changesThen });
    } catch (thrown) {
      if (abort.signal.aborted) return;
      failed(thrown);
      waiting = true;
      takeBack?.();
      takeBack = later(() => {
        takeBack = null;
        waiting = false;
        readOn();
      }, retryAfter);
    } finally {
      if (reading.get(block) === abort) reading.delete(block);
      readOn();
    }
  }

  function take(block: number, known: Known<Page>): void {
    const before = total;
    total = known.page === null ? null : known.page.total;
    const isOtherOrder = known.page !== null && known.page.order !== order;
    const isAnother = fresh || before !== total || isOtherOrder;
    if (fresh || total === null) blocks.clear();
    else if (isOtherOrder) leaveOrder();
    order = known.page?.order ?? null;
    fresh = false;
    blocks.set(block, known);
    for (const each of blocks.keys()) if (each > 0 && each * size >= (total ?? 0)) blocks.delete(each);
    forgetFar();
    told(isAnother ? "all" : block);
  }

  /** Rows would stand in two blocks or in none: what is known of another order goes, and what is seen of it is read again. */
  function leaveOrder(): void {
    const visible = wanted();
    for (const [block, known] of blocks)
      if (visible.includes(block)) blocks.set(block, { ...known, changes: -1 });
      else blocks.delete(block);
  }

  function forgetFar(): void {
    if (blocks.size <= kept) return;
    const middle = (seen.first + seen.last) / 2 / size;
    const far = [...blocks.keys()].sort((left, right) => Math.abs(right - middle) - Math.abs(left - middle));
    for (const block of far.slice(0, blocks.size - kept)) blocks.delete(block);
  }

  function giveUp(): void {
    for (const abort of reading.values()) abort.abort();
    reading.clear();
  }

  return {
    block: (block) => blocks.get(block)?.page ?? undefined,
    isNow: (block) => !fresh && blocks.has(block) && !isOld(block),
    isSeen: (block) => !fresh && blocks.has(block) && wanted().includes(block),
    get order() {
      return order;
    },
    get total() {
      return total;
    },
    get reading() {
      return wanted().some((block) => reading.has(block));
    },
    want(first, last) {
      if (first !== seen.first) direction = first > seen.first ? 1 : -1;
      seen = { first, last: Math.max(last, first + 1) };
      readOn();
    },
    changed() {
      changes += 1;
      readOn();
    },
    reset() {
      fresh = true;
      giveUp();
      readOn();
    },
    close() {
      closed = true;
      takeBack?.();
      giveUp();
    },
  };
}
