import { createSignal, type Accessor } from "solid-js";
import type { CellError, Datum } from "#server/notebook/value.ts";

export type Row = readonly Datum[];

/** A table's rows, fetched by pages as they are looked at. */
export interface TablePages {
  /** A row by its number from 0; undefined while it is not there. */
  row(index: number): Row | undefined;
  /** Fetches what is not there of the rows from…to. */
  need(from: number, to: number): void;
  /** Why rows could not be fetched; null where all could. */
  readonly problem: Accessor<CellError | null>;
}

export interface TablePagesSettings {
  readonly count: number;
  /** The rows themselves, where they came with the table. */
  readonly rows: readonly Row[] | undefined;
  fetch(from: number, to: number): Promise<readonly Row[]>;
  problemOf(thrown: unknown): CellError;
}

/** Rows of a page. */
export const pageRows = 100;

export function createTablePages({ count, rows, fetch, problemOf }: TablePagesSettings): TablePages {
  const pages = new Map<number, readonly Row[] | "coming">();
  const [version, setVersion] = createSignal(0);
  const [problem, setProblem] = createSignal<CellError | null>(null);

  async function get(page: number): Promise<void> {
    pages.set(page, "coming");
    try {
      pages.set(page, await fetch(page * pageRows, Math.min(count, (page + 1) * pageRows)));
      setProblem(null);
    } catch (thrown) {
      pages.delete(page);
      setProblem(problemOf(thrown));
    }
    setVersion((number) => number + 1);
  }

  return {
    problem,
    row(index) {
      if (rows !== undefined) return rows[index];
      version();
      const page = pages.get(Math.floor(index / pageRows));
      return page === undefined || page === "coming" ? undefined : page[index % pageRows];
    },
    need(from, to) {
      if (rows !== undefined) return;
      const last = Math.floor(Math.max(from, Math.min(count, to) - 1) / pageRows);
      for (let page = Math.floor(from / pageRows); page <= last; page += 1) if (!pages.has(page)) void get(page);
    },
  };
}
