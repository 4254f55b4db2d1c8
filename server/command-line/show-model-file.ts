import type { ModelFileProgress } from "#server/models/files/model-file.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how the fetching of a model goes on: a status line on a terminal, a line every tenth elsewhere. */
export function showModelFile(terminal: Terminal): (progress: ModelFileProgress) => void {
  let line = "";
  return ({ name, phase, source, bytes, total }) => {
    const percent = total === 0 ? 0 : Math.floor((100 * bytes) / total);
    const amount = `${megabytes(bytes)} of ${megabytes(total)} MB`;
    terminal.status(`${name}: ${phase} from ${source}, ${amount}, ${percent} %`);
    const tenth = `${name} ${phase} ${source} ${Math.floor(percent / 10)}`;
    if (tenth === line || terminal.isInteractive) return;
    line = tenth;
    terminal.error(`${name}: ${phase} from ${source}, ${amount}\n`);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
