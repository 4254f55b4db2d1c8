import type { Diagnostic, Input } from "#server/notebook/notebook.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { inputValue } from "./input-value.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/** The inputs of an open notebook: what was given, and what stands while the text changes. */
export interface SessionInputs {
  /** Sets an input. Throws `input.unknown` or `input.type`, and then it stays as it was. */
  set(name: string, value: Datum): Promise<void>;
  /** Sets an input to a value as it is, such as what a file holds; it stands until the input is set again. Throws `input.unknown`. */
  setValue(name: string, value: Value): void;
  /** An input has another name: what was given goes along, and its value, to be taken with the text that has it. */
  rename(name: string, to: string): void;
  /** Takes the inputs as the text has them now: what was given stands as long as it fits, and then the default. */
  take(): Promise<void>;
  /** What stands, as it was given: of a table its path or rows. */
  given(): { readonly [name: string]: Datum };
  /** Defaults that do not fit. */
  problems(): readonly Diagnostic[];
}

/** What an input is given, and when: a table may be long in coming, and then what is given later stands already. */
interface Given {
  readonly datum: Datum;
  readonly turn: number;
}

export function createSessionInputs(state: SessionState, tables: Runtime["tables"]): SessionInputs {
  const given = new Map<string, Given>();
  const whole = new Map<string, Value>();
  const standing = new Map<string, Given>();
  let turns = 0;
  let problems: Diagnostic[] = [];

  /** Whether it stands then. */
  async function put(input: Input, asked: Given): Promise<boolean> {
    const value = await inputValue(input, asked.datum, tables);
    if ([given, standing].some((later) => (later.get(input.name)?.turn ?? 0) > asked.turn)) return false;
    state.inputs.set(input.name, { value, hash: valueHash(value) });
    standing.set(input.name, asked);
    return true;
  }

  /** What is wrong with a value for an input; null where it was put there. */
  async function misfit(input: Input, asked: Given): Promise<SheafError | null> {
    try {
      await put(input, asked);
      return null;
    } catch (thrown) {
      if (thrown instanceof SheafError) return thrown;
      throw thrown;
    }
  }

  function inputNamed(name: string): Input {
    const { inputs } = state.notebook.front;
    const input = inputs.find((candidate) => candidate.name === name);
    if (input === undefined) throw unknownInput(name, inputs);
    return input;
  }

  return {
    async set(name, datum) {
      const asked = { datum, turn: (turns += 1) };
      if (!(await put(inputNamed(name), asked))) return;
      given.set(name, asked);
      whole.delete(name);
    },
    setValue(name, value) {
      inputNamed(name);
      whole.set(name, value);
      state.inputs.set(name, { value, hash: valueHash(value) });
    },
    rename(name, to) {
      move(given, name, to);
      move(whole, name, to);
      move(state.inputs, name, to);
    },
    async take() {
      state.inputs.clear();
      standing.clear();
      problems = [];
      for (const input of state.notebook.front.inputs) {
        const value = whole.get(input.name);
        if (value !== undefined) {
          state.inputs.set(input.name, { value, hash: valueHash(value) });
          continue;
        }
        const own = given.get(input.name);
        if (own !== undefined && (await misfit(input, own)) === null) continue;
        const wrong =
          input.default === undefined ? null : await misfit(input, { datum: input.default, turn: own?.turn ?? 0 });
        if (wrong !== null) problems.push({ severity: "warning", ...toCellError(wrong), position: input.position });
      }
    },
    given: () => Object.fromEntries([...standing].map(([name, { datum }]) => [name, datum])),
    problems: () => problems,
  };
}

/** What stands under one name stands under another, in place of what stood there. */
function move<Held>(values: Map<string, Held>, name: string, to: string): void {
  const held = values.get(name);
  values.delete(name);
  if (held === undefined) values.delete(to);
  else values.set(to, held);
}

function unknownInput(name: string, inputs: readonly Input[]): SheafError {
  const names = inputs.map((input) => input.name);
  return new SheafError("input.unknown", `there is no input \`${name}\``, {
    cure: names.length === 0 ? "The notebook has none." : `There are: ${names.join(", ")}.`,
  });
}
