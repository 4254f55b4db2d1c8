import { afterAll, describe, expect, test } from "vitest";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { openSandbox } from "./sandbox.ts";

const deadline = 300;
// A busy machine must not have the watchdog do what the interpreter does by itself a little later.
const sandbox = openSandbox({ limits: { deadline, grace: 3000 }, processes: 1 });
afterAll(() => sandbox.close());

/** Code that wants all the memory, all the time, all the stack, or out; and how it has to end. */
const hostile: readonly (readonly [name: string, source: string, ends: readonly string[]])[] = [
  ["small objects without end", "const a = []; for (;;) a.push({});", ["js.memory", "js.timeout"]],
  ["a string that doubles", "let s = 'x'; for (;;) s += s;", ["js.error", "js.memory"]],
  ["a join of everything", "return new Array(1e6).fill('x'.repeat(1000)).join()", ["js.memory", "js.error"]],
  ["the longest array, filled", "return new Array(2 ** 32 - 1).fill(0)", ["js.memory", "js.timeout"]],
  ["a map without end", "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });", ["js.memory", "js.timeout"]],
  [
    "typed arrays without end",
    "const a = []; for (;;) a.push(new Uint8Array(1 << 24).fill(1));",
    ["js.memory", "js.timeout"],
  ],
  ["a regular expression that backtracks", "return /(a+)+$/.test('a'.repeat(40) + 'b')", ["js.timeout"]],
  ["microtasks without end", "const f = () => Promise.resolve().then(f); await f();", ["js.timeout", "js.memory"]],
  [
    "a wait for another thread",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    ["js.error", "js.pending"],
  ],
  ["WebAssembly that grows", "new WebAssembly.Memory({ initial: 60000 })", ["js.error"]],
  ["recursion", "const f = (n) => f(n + 1) + 1; return f(0)", ["js.stack"]],
  ["JSON nested deeply", "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))", ["js.stack"]],
  ["an integer that squares", "let b = 3n; for (;;) b *= b;", ["js.memory", "js.timeout"]],
  [
    "a sort with a comparator that lies",
    "const a = Array.from({ length: 1e6 }, (_, i) => i); for (;;) a.sort(() => -1);",
    ["js.timeout", "js.memory"],
  ],
  [
    "a chain of proxies",
    "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x",
    ["js.stack", "js.memory", "js.timeout"],
  ],
  [
    "generators inside one another",
    "function* g(n) { yield* g(n + 1) } for (const x of g(0));",
    ["js.stack", "js.memory", "js.timeout"],
  ],
  [
    "templates inside one another",
    "return eval('`${'.repeat(2e4) + '1' + '}`'.repeat(2e4))",
    ["js.stack", "js.error", "js.memory"],
  ],
  ["parentheses inside one another", "return eval('('.repeat(1e5) + ')'.repeat(1e5))", ["js.stack", "js.error"]],
  [
    "work after the end",
    "const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1e5; i++) r.register({}, i); for (;;);",
    ["js.timeout", "js.error", "js.memory"],
  ],
  ["an import of the host's modules", "return await import('node:fs')", ["js.error"]],
  ["a result without end", "return (function* () { for (;;) yield 'x' })()", ["js.memory", "js.timeout"]],
  ["an error that lies about itself", "throw new Proxy(new Error('x'), { get() { for (;;); } })", ["js.timeout"]],
];

describe("hostile code ends by itself within its deadline, and the next call works", () => {
  test.each(hostile)("%s", async (_name, source, ends) => {
    await sandbox.javascript({ source: "return 1", inputs: {} });
    let longest = 0;
    let last = performance.now();
    const heartbeat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const error = await sandbox.javascript({ source, inputs: {} }).catch((error: unknown) => error);
    clearInterval(heartbeat);
    expect(error).toBeInstanceOf(SheafError);
    expect(ends).toContain((error as SheafError).code);
    // The watchdog's kill would be the cause.
    expect((error as SheafError).cause).not.toMatchObject({ code: "child.deadline" });
    expect(longest).toBeLessThan(500);
    expect(await sandbox.javascript({ source: "return 1 + 1", inputs: {} })).toBe(2);
  });
});

test("whatever nests too deeply is an error of the interpreter, which the code can catch, and none of the thread around it", async () => {
  // Freshly started, its machine code is not yet optimized and takes the most of the thread's stack.
  const fresh = openSandbox({ processes: 1 });
  const nested = (open: string, middle: string, close: string, times: number): string =>
    `eval(${JSON.stringify(open)}.repeat(${times}) + ${JSON.stringify(middle)} + ${JSON.stringify(close)}.repeat(${times}))`;
  const caught = async (code: string): Promise<unknown> =>
    await fresh.javascript({ source: `try { ${code} } catch (error) { return error.message }`, inputs: {} });
  try {
    expect(await caught(nested("(", "1", ")", 1e5))).toBe("stack overflow");
    expect(await caught(nested("[", "", "]", 1e5))).toBe("stack overflow");
    expect(await caught(nested("(() => ", "1", ")", 1e4))).toBe("stack overflow");
    expect(await caught("JSON.parse('['.repeat(1e5))")).toBe("stack overflow");
    expect(await caught("const f = () => f() + 1; f()")).toBe("stack overflow");
  } finally {
    await fresh.close();
  }
});

test("a loop of the interpreter's own, which hears no deadline, is ended from outside soon after it", async () => {
  const watched = openSandbox({ limits: { deadline }, processes: 1 });
  try {
    await watched.javascript({ source: "return 1", inputs: {} });
    const begun = performance.now();
    const endless = watched.javascript({ source: "new Array(2e9).join('xx')", inputs: {} });
    await expect(endless).rejects.toMatchObject({ code: "js.timeout", cause: { code: "child.deadline" } });
    expect(performance.now() - begun).toBeLessThan(deadline + 1000);
    expect(await watched.javascript({ source: "return 1 + 1", inputs: {} })).toBe(2);
  } finally {
    await watched.close();
  }
});
