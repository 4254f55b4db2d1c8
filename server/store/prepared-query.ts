import type { Compilable, CompiledQuery } from "kysely";

class Placeholder {
  readonly name: PropertyKey;
  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/**
 * A query compiled once, at its first use, and run with other parameters each time: for the few that run thousands of
 * times a second. `build` makes it from an object with the members of the first parameters, and puts them where they go;
 * every later object must have the same members.
 */
export function preparedQuery<Parameters extends object, Row>(
  build: (parameters: Parameters) => Compilable<Row>,
): (parameters: Parameters) => CompiledQuery<Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return (parameters) => {
    // Kysely passes values it does not know on as they are, so a placeholder marks its own place among the parameters.
    compiled ??= build(
      Object.fromEntries(Object.keys(parameters).map((name) => [name, new Placeholder(name)])) as Parameters,
    ).compile();
    return {
      ...compiled,
      parameters: compiled.parameters.map((value) =>
        value instanceof Placeholder ? parameters[value.name as keyof Parameters] : value,
      ),
    };
  };
}
