/** What a command line that lets a server of its workspace do the work tells it. */
export type ToServer =
  | {
      readonly type: "start";
      readonly words: readonly string[];
      readonly folder: string;
      readonly width: number;
      readonly isInteractive: boolean;
    }
  | { readonly type: "answer"; readonly yes: boolean }
  | { readonly type: "stop" };

/** What it hears: what to write where, what to ask, and the end. */
export type ToCommand =
  | { readonly type: "out" | "data" | "error" | "status"; readonly text: string }
  | { readonly type: "ask"; readonly question: string }
  | { readonly type: "end"; readonly code: number };

/** Where a server says how it is reached: a file in the workspace's `.sheaf`. */
export interface ServerNote {
  readonly address: string;
  readonly pid: number;
}
