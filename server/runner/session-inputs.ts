import type { Diagnostic, Input } from "#server/notebook/notebook.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { inputValue } from "./input-value.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/** The inputs of an open notebook: what was given, and what stands while the text changes. */
export interface SessionInputs {
  /** Sets an input. Throws `input.unknown` or `input.type`, and then it stays as it was. */
  set(name: string, value: Datum): Promise<void>;
  /** Takes the inputs as the text has them now: what was given stands as long as it fits, and then the default. */
  take(): Promise<void>;
  /** What stands, as it was given: of a table its path or rows. */
  given(): { readonly [name: string]: Datum };
  /** Defaults that do not fit. */
  problems(): readonly Diagnostic[];
}

export function createSessionInputs(state: SessionState, tables: Runtime["tables"]): SessionInputs {
  const given = new Map<string, Datum>();
  const standing = new Map<string, Datum>();
  let problems: Diagnostic[] = [];

  async function put(input: Input, datum: Datum): Promise<void> {
    const value = await inputValue(input, datum, tables);
    state.inputs.set(input.name, { value, hash: valueHash(value) });
    standing.set(input.name, datum);
  }

  /** What is wrong with a value for an input; null where it was put there. */
  async function misfit(input: Input, datum: Datum): Promise<SheafError | null> {
    try {
      await put(input, datum);
      return null;
    } catch (thrown) {
      if (thrown instanceof SheafError) return thrown;
      throw thrown;
    }
  }

  return {
    async set(name, datum) {
      const { inputs } = state.notebook.front;
      const input = inputs.find((candidate) => candidate.name === name);
      if (input === undefined) throw unknownInput(name, inputs);
      await put(input, datum);
      given.set(name, datum);
    },
    async take() {
      state.inputs.clear();
      standing.clear();
      problems = [];
      for (const input of state.notebook.front.inputs) {
        const own = given.get(input.name);
        if (own !== undefined && (await misfit(input, own)) === null) continue;
        const wrong = input.default === undefined ? null : await misfit(input, input.default);
        if (wrong !== null) problems.push({ severity: "warning", ...toCellError(wrong), position: input.position });
      }
    },
    given: () => Object.fromEntries(standing),
    problems: () => problems,
  };
}

function unknownInput(name: string, inputs: readonly Input[]): SheafError {
  const names = inputs.map((input) => input.name);
  return new SheafError("input.unknown", `there is no input \`${name}\``, {
    cure: names.length === 0 ? "The notebook has none." : `There are: ${names.join(", ")}.`,
  });
}
