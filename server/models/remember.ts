/** What is known under a name, made when it is first asked for. */
export function remember<Value>(known: Map<string, Value>, name: string, make: () => Value): Value {
  const value = known.get(name);
  if (value !== undefined) return value;
  const made = make();
  known.set(name, made);
  return made;
}
