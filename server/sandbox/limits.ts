/** What a call in the sandbox may use. Memory and stack are fixed: `quickjs.ts`. */
export interface SandboxLimits {
  /** Milliseconds a call may take, reading its tables included. */
  readonly deadline: number;
  /** Milliseconds beyond the deadline after which the process is killed, where the interpreter itself hears nothing. */
  readonly grace: number;
  /** Characters of JSON that the result may have. */
  readonly result: number;
  /** Characters of JSON that the inputs may have, rows of tables not included. */
  readonly inputs: number;
  /** Characters that the source may have. */
  readonly source: number;
}

export const defaultLimits: SandboxLimits = {
  deadline: 5000,
  grace: 200,
  result: 8 << 20,
  inputs: 8 << 20,
  source: 1 << 20,
};
