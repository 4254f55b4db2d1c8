import type { SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import { identityText } from "./sheet-input-sql.ts";

/** How the rows of one version of a sheet differ from those of another, told apart by their identities. */
export interface FrameChanges {
  readonly added: number;
  /** Rows of both that differ in a column both have. */
  readonly changed: number;
  readonly gone: number;
}

/** Counts what is other in a frame than in one before it. Throws `sheet.frame` where one is no longer at hand. */
export async function frameChanges(
  catalog: SheetCatalog,
  call: { readonly before: string; readonly after: string },
): Promise<FrameChanges> {
  const [before, after] = [await catalog.frame(call.before), await catalog.frame(call.after)];
  const names = before.columns
    .map(({ name }) => name)
    .filter((name) => after.columns.some((other) => other.name === name));
  const { columns } = await catalog.read((session) =>
    session.queryColumns(`
      select count(*) filter (b.label is null), count(*) filter (b.label is not null and a.label is not null and b.said <> a.said),
        count(*) filter (a.label is null)
      from ${saidSql(before, names)} b full join ${saidSql(after, names)} a on a.label = b.label`),
  );
  const [added, changed, gone] = columns.map(([count]) => Number(count)) as [number, number, number];
  return { added, changed, gone };
}

/** Each row's identity, with what its columns say as one hash. */
function saidSql({ id, columns }: SheetFrame, names: readonly string[]): string {
  const texts = names.map((name) => {
    const index = columns.findIndex((column) => column.name === name);
    return identityText(`c.c${index}`, columns[index]!);
  });
  const said = texts.length === 0 ? "0" : `hash([${texts.join(", ")}])`;
  return `(select f.label, ${said} as said from sheet_frame_${id} f join sheet_cells_${id} c using (ordinal))`;
}
