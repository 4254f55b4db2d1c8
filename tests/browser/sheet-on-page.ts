import type { Locator, Page } from "playwright-core";

/** 10,000 rows, a prompt of two models over them, a score of it, and a column of labels. */
export const bigSheet = `---
sheaf: 1
title: Big
inputs:
  message: { type: string, default: "Hello" }
models:
  plain: echo/text
  loud: echo/upper
---

\`\`\`sql numbers
select range as id, 'Message ' || range as text, case when range % 4 = 0 then 'card' else 'money' end as category
from range(10000)
\`\`\`

\`\`\`\`sheet rows
---
rows: numbers
key: id
with: { message: =row.text }
columns: [topic]
---
\`\`\`score correct
---
output: =topic
expected: =row.text
---
- equals
\`\`\`

\`\`\`label review
type: [agree, unclear, wrong]
\`\`\`
\`\`\`\`

\`\`\`prompt topic
---
models: [plain, loud]
---
{{ message }}
\`\`\`
`;

/** Its columns, by their places from 1. */
export const columns = {
  id: 1,
  text: 2,
  category: 3,
  plain: 4,
  loud: 5,
  plainCorrect: 6,
  loudCorrect: 7,
  review: 8,
} as const;

/** A sheet's grid on a page, as a person uses it. */
export interface SheetOnPage {
  grid(): Locator;
  /** The cell of a row, by its place, in a column of the view. */
  cell(row: number, column: number): Locator;
  footer(): Locator;
  press(...keys: readonly string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** The cell that has the focus, `ROW:COLUMN`; the header is row 0. */
  active(): Promise<string>;
  clipboard(): Promise<string>;
}

export function sheetOnPage(page: Page): SheetOnPage {
  const grid = (): Locator => page.getByRole("grid");
  return {
    grid,
    cell: (row, column) =>
      grid().locator(`[role=row][aria-rowindex="${row + 1}"] [role=gridcell][aria-colindex="${column + 1}"]`),
    footer: () => page.locator(".sheet-footer"),
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    type: (text) => page.keyboard.type(text),
    active: () =>
      page.evaluate<string>(
        `(() => {
          const cell = document.activeElement;
          const row = cell.closest("[role=row]");
          return row === null ? cell.className : row.getAttribute("aria-rowindex") - 1 + ":" + (cell.getAttribute("aria-colindex") - 1);
        })()`,
      ),
    clipboard: () => page.evaluate<string>("navigator.clipboard.readText()"),
  };
}
