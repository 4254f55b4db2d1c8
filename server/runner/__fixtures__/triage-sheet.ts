import { fence, notebookText } from "./test-workspace.ts";

/** What a test wants to be otherwise: by default the topic of twelve messages by two models, and whether it is right. */
export interface TriageSheet {
  /** Extra lines of the prompt's configuration. */
  readonly configuration?: string;
  readonly source?: string;
  /** Cells after the score. */
  readonly cells?: readonly string[];
  readonly rows?: number;
}

/** A notebook with the sheet `triage`: `topic` answers `<MESSAGE>` unless the model's script says otherwise. */
export function triage({ configuration = "", source, cells = [], rows = 12 }: TriageSheet = {}): string {
  const lines = Array.from({ length: rows }, (_, row) => `t${row},message ${row},${row * 2.5},<message ${row}>`);
  return notebookText(
    "models: { small: server/small, big: { model: server/big, temperature: 0 } }\n",
    fence("data tickets", ["---\nkey: id\n---\nid,text,amount,expected", ...lines].join("\n")),
    fence(
      "sheet triage",
      [
        "---\nrows: tickets\n---",
        fence(
          "prompt topic",
          `---\nmodels: [small, big]\n${configuration}---\n${source ?? "Topic of {{ vary.model }}:\n\n{{ row.text }}"}`,
        ),
        fence("score correct", "---\noutput: =topic\nexpected: =row.expected\n---\n- equals"),
        ...cells,
      ].join("\n"),
    ),
  );
}
