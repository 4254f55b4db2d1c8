/**
 * What foretold figures of calls rest on, the surest first: a tokenizer; past calls of the same place, cell, notebook, model; a tokenizer, and a
 * schema that may be sent as so many tokens or as none; a rule of thumb.
 */
export const bases = ["tokenizer", "place", "cell", "notebook", "model", "schema", "assumed"] as const;

export type Basis = (typeof bases)[number];

/** The least sure of them. */
export function weakest(all: readonly Basis[]): Basis {
  return bases[Math.max(0, ...all.map((basis) => bases.indexOf(basis)))]!;
}

/** A basis in words, after a number of tokens. */
export function basisWords(basis: Basis): string {
  switch (basis) {
    case "tokenizer":
      return "counted";
    case "place":
    case "cell":
      return "from past calls";
    case "notebook":
      return "from this notebook's past calls";
    case "model":
      return "from this model's past calls";
    case "schema":
      return "counted without and with its schema";
    case "assumed":
      return "assumed";
  }
}
