import { serveChild } from "#server/process/serve-child.ts";
import { callMethods } from "./call-methods.ts";
import { fileMethods } from "./file-methods.ts";
import { importMethods } from "./import-methods.ts";
import { sheetMethods } from "./sheet-methods.ts";
import { openTableFiles } from "./table-files.ts";
import type { TableFolders } from "./tables.ts";
import { openTablesDatabase } from "./tables-database.ts";

// The process `tables`: our own work in DuckDB. Its one argument is the folders, as JSON.
const folders = JSON.parse(process.argv[2]!) as TableFolders;
const database = openTablesDatabase(folders.cache);
const files = openTableFiles(folders.files);

serveChild({
  ...fileMethods(database, files),
  ...importMethods(folders, database, files),
  ...sheetMethods(database, files),
  ...callMethods(database, files),
});
