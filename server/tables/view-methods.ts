import { columnFigures } from "./column-figures.ts";
import type { SheetCatalog } from "./sheet-catalog.ts";
import { createOrders } from "./sheet-orders.ts";
import type { SheetViews, ViewCall } from "./sheet-views.ts";
import { pairFigures } from "./pair-figures.ts";
import { exportView } from "./view-export.ts";
import { readLabels, readViewPage } from "./view-page.ts";
import type { ViewContext } from "./view-sql.ts";

/** What a screen shows of sheets, as it works in the process `tables`. */
export function viewMethods(catalog: SheetCatalog): SheetViews {
  const orderOf = createOrders(catalog);

  async function read<Answer>(
    { frame: name, nodes, shown }: ViewCall,
    work: (context: ViewContext) => Promise<Answer>,
  ): Promise<Answer> {
    const frame = await catalog.frame(name);
    return await catalog.read((session) => work({ catalog, session, frame, nodes, shown }));
  }

  return {
    async viewPage(call, { signal } = {}) {
      const frame = await catalog.frame(call.frame);
      const order = await orderOf(frame, call);
      const ordinals = order.slice(call.from, call.to);
      const page = await catalog.read((session) => readViewPage(catalog, session, frame, ordinals, call), signal);
      return { total: order.length, outdated: order.outdated, order: order.id, ...page };
    },
    async viewRows(call) {
      const frame = await catalog.frame(call.frame);
      const order = await orderOf(frame, call);
      const ordinals = order.slice(call.from, call.to);
      const rows = await catalog.read((session) => readLabels(session, frame, ordinals));
      return { total: order.length, outdated: order.outdated, order: order.id, rows };
    },
    columnFigures: (call) => read(call, (context) => columnFigures(context, call)),
    pairFigures: (call) => read(call, (context) => pairFigures(context, call)),
    exportView: (call) => read(call, (context) => exportView(context, call)),
  };
}
