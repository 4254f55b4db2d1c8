import { serveChild } from "#server/process/serve-child.ts";
import type { TableFolders } from "./tables.ts";
import { openTablesDatabase } from "./tables-database.ts";

// The process `tables`: our own work in DuckDB. Its one argument is the folders, as JSON.
const folders = JSON.parse(process.argv[2]!) as TableFolders;
const database = openTablesDatabase(folders.cache);

serveChild({
  ping: async () => (await (await database.connection()).queryColumns("select 1 as one")).columns,
});
