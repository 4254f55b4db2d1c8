// Runs inside QuickJS before a cell's code, and is all that the cell's code can reach besides the language itself.
// Gives `run(body, names, inputs, read, resultLimit, moment)`, whose promise is a text: `v` and the result as `wire.ts` has it,
// or `e` and the error as JSON. What is used after the cell's code ran is taken from the globals before.
(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const { create, defineProperty, entries, fromEntries } = Object;
  const { isFinite } = Number;
  const { isArray, from } = Array;
  const { isView } = ArrayBuffer;
  const marker = "\u0000";
  const deepest = 200;

  function fromWire(text) {
    const value = parse(text);
    return text.includes("\\u0000") ? unmark(value) : value;
  }

  function unmark(value) {
    if (typeof value === "string" && value[0] === marker) {
      const rest = value.slice(2);
      return value[1] === "n" ? BigInt(rest) : value[1] === "f" ? Number(rest) : rest;
    }
    if (isArray(value)) return value.map(unmark);
    if (value === null || typeof value !== "object") return value;
    for (const key of Object.keys(value)) set(value, key, unmark(value[key]));
    return value;
  }

  /** An own property, also where its name is `__proto__`. */
  function set(object, key, value) {
    defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  }

  class ResultError extends Error {}

  /** The value as JSON can say it: `undefined` as null, dates as text, what can be iterated as a list. */
  function plain(value, path, above) {
    switch (typeof value) {
      case "undefined":
        return null;
      case "boolean":
        return value;
      case "string":
        return value[0] === marker ? `${marker}s${value}` : value;
      case "bigint":
        return `${marker}n${value}`;
      case "number":
        if (isFinite(value)) return value;
        throw new ResultError(`the number${place(path)} is ${value}, which no value can be; return null instead`);
      case "object":
        break;
      default:
        throw new ResultError(`there is a ${typeof value}${place(path)}, which no value can be`);
    }
    if (value === null) return null;
    if (above.includes(value)) throw new ResultError(`the object${place(path)} contains itself`);
    if (above.length >= deepest) throw new ResultError(`the result is nested more than ${deepest} deep`);
    if (value instanceof Promise) throw new ResultError(`there is a promise${place(path)}; await it`);
    if (typeof value.toJSON === "function") return plain(value.toJSON(), path, [...above, value]);
    if (value instanceof Error) return plain({ name: value.name, message: value.message }, path, above);
    const inside = [...above, value];
    if (value instanceof Map) return plain(fromEntries(value), path, inside);
    if (isArray(value) || isView(value) || typeof value[Symbol.iterator] === "function")
      return from(value, (item, index) => plain(item, `${path}[${index}]`, inside));
    const object = create(null);
    for (const [key, member] of entries(value))
      if (member !== undefined) object[key] = plain(member, `${path}.${key}`, inside);
    return object;
  }

  function place(path) {
    return path === "" ? "" : ` at ${path}`;
  }

  /** A table: iterated any number of times, a page at a time, and with the methods of an iterator. */
  class Table {
    #read;
    #cursor;
    constructor(read) {
      this.#read = read;
    }
    *[Symbol.iterator]() {
      for (let offset = 0; ;) {
        const page = fromWire(this.#read(offset));
        if (page.length === 0) return;
        yield* page;
        offset += page.length;
      }
    }
    next() {
      this.#cursor ??= this[Symbol.iterator]();
      return this.#cursor.next();
    }
    // QuickJS's own three leave their callback behind, and with it the whole runtime.
    *map(change) {
      let index = 0;
      for (const row of this) yield change(row, index++);
    }
    *filter(keep) {
      let index = 0;
      for (const row of this) if (keep(row, index++)) yield row;
    }
    *flatMap(change) {
      let index = 0;
      for (const row of this) yield* change(row, index++);
    }
  }
  for (const name of ["take", "drop", "reduce", "toArray", "forEach", "some", "every", "find"])
    defineProperty(Table.prototype, name, {
      value(...words) {
        return Iterator.prototype[name].apply(this[Symbol.iterator](), words);
      },
      writable: true,
      configurable: true,
    });

  // A place in a table or its length would be undefined, and the error that comes of that says nothing of tables.
  Object.setPrototypeOf(
    Table.prototype,
    new Proxy(Object.prototype, {
      get(target, key, table) {
        const isPlace = typeof key === "string" && /^\d+$/.test(key);
        if (!isPlace && key !== "length") return Reflect.get(target, key, table);
        const [shown, asList] = isPlace ? [`[${key}]`, `[...table][${key}]`] : ["length", "[...table].length"];
        throw new TypeError(`a table is an iterator of rows and has no \`${shown}\`: take \`${asList}\``);
      },
    }),
  );

  /** The cell's variables: a name with dots, `triage.correct`, is a member of the variable before the dot. */
  function bind(inputs, read) {
    const variables = create(null);
    for (const { path, text, table } of inputs) {
      const value = text === null ? new Table((offset) => read(table, offset)) : fromWire(text);
      let holder = variables;
      for (const name of path.slice(0, -1)) {
        const inner = holder[name];
        if (inner === null || (typeof inner !== "object" && inner !== undefined))
          throw new TypeError(`${path.join(".")} cannot be read: ${name} is a ${typeof inner}`);
        if (inner === undefined) set(holder, name, {});
        holder = holder[name];
      }
      set(holder, path[path.length - 1], value);
    }
    return variables;
  }

  function describe(thrown) {
    if (thrown instanceof ResultError) return { code: "js.result", message: thrown.message, stack: "" };
    if (thrown instanceof Error)
      return { code: "js.error", message: `${thrown.name}: ${thrown.message}`, stack: String(thrown.stack) };
    const text = typeof thrown === "object" && thrown !== null ? stringify(thrown) : String(thrown);
    return { code: "js.error", message: `thrown: ${text}`, stack: "" };
  }

  /** Has the clock stand still and random numbers begin from a seed, so that the same code gives the same value. */
  function pin({ clock, seed }) {
    const real = Date;
    const { construct } = Reflect;
    const pinned = new Proxy(real, {
      construct: (target, words, newTarget) => construct(target, words.length === 0 ? [clock] : words, newTarget),
      apply: () => new real(clock).toString(),
    });
    real.now = () => clock;
    real.prototype.constructor = globalThis.Date = pinned;
    Math.random = randomFrom(seed);
  }

  /** Chris Doty-Humphrey's sfc32, of which two words are one number's 53 bits. */
  function randomFrom(seed) {
    let [a, b, c, count] = [0, seed | 0, 0, 1];
    const word = () => {
      const sum = (((a + b) | 0) + count) | 0;
      count = (count + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      return sum >>> 0;
    };
    for (let round = 0; round < 15; round += 1) word();
    return () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  }

  const silent = () => {};
  globalThis.console = { log: silent, info: silent, warn: silent, error: silent, debug: silent };

  return async (body, names, inputs, read, resultLimit, moment) => {
    try {
      if (moment !== "null") pin(parse(moment));
      const variables = bind(fromWire(inputs), read);
      const value = await body(...fromWire(names).map((name) => variables[name]));
      const text = stringify(plain(value, "", []));
      if (text.length > resultLimit)
        throw new ResultError(
          `the result has ${text.length} characters of JSON; at most ${resultLimit} can leave the sandbox`,
        );
      return `v${text}`;
    } catch (thrown) {
      return `e${stringify(describe(thrown))}`;
    }
  };
})();
