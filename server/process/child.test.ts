import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createChild } from "./child.ts";

const module = new URL("__fixtures__/test-child.ts", import.meta.url);
const child = createChild({ name: "test", module, environment: { GIVEN: "yes" } });
afterAll(() => child.close());

describe("a child answers calls", () => {
  test("that were made before it had started, each with its own answer", async () => {
    const answers = await Promise.all(
      [1, "two", [3n, new Float32Array([4])], undefined].map((it) => child.call("echo", it)),
    );
    expect(answers).toEqual([1, "two", [3n, new Float32Array([4])], undefined]);
  });

  test("with parts in order before the answer", async () => {
    const parts: unknown[] = [];
    expect(await child.call("parts", 1000, { onPart: (part) => parts.push(part) })).toBe(1000);
    expect(parts).toEqual(Array.from({ length: 1000 }, (_, part) => part));
  });

  test("with errors that keep their code, cure and position", async () => {
    await expect(child.call("fail", null)).rejects.toMatchObject({
      name: "SheafError",
      code: "test.failed",
      message: "it failed",
      cure: "Do not call it.",
      position: { line: 2, column: 3, offset: 9, length: 4 },
    });
    await expect(child.call("failPlainly", null)).rejects.toMatchObject({ code: "internal", message: "out of range" });
  });

  test("and says which method it does not have, also for names every object has", async () => {
    await expect(child.call("nothing", null)).rejects.toMatchObject({ code: "child.method" });
    await expect(child.call("constructor", null)).rejects.toMatchObject({ code: "child.method" });
  });

  test("and says what cannot travel, in either direction, and lives on", async () => {
    await expect(child.call("echo", () => 1)).rejects.toMatchObject({ code: "child.message" });
    await expect(child.call("uncloneable", null)).rejects.toMatchObject({ code: "child.message" });
    expect(await child.call("echo", "alive")).toBe("alive");
  });
});

describe("big messages", () => {
  test("wait here until the pipe takes them, and all arrive", async () => {
    const bytes = new Uint8Array(2_000_000);
    const sizes = await Promise.all(Array.from({ length: 40 }, () => child.call("size", bytes)));
    expect(sizes).toEqual(Array.from({ length: 40 }, () => bytes.length));
  });

  test("of a child that awaits them do not pile up in it", async () => {
    let count = 0;
    const before = await child.call<number>("bigParts", 1);
    const most = await child.call<number>("bigParts", 300, { onPart: () => (count += 1) });
    expect(count).toBe(300);
    expect(most - before).toBeLessThan(200 << 20);
  });
});

describe("a call can be ended", () => {
  test("by its signal: the method is told, the caller hears at once, the child lives", async () => {
    const abort = new AbortController();
    const pid = child.pid;
    const answer = child.call("untilCancelled", null, {
      signal: abort.signal,
      onPart: () => abort.abort(new Error("enough")),
    });
    await expect(answer).rejects.toThrow("enough");
    expect(await child.call("echo", 1)).toBe(1);
    expect(child.pid).toBe(pid);
  });

  test("by its own listener's error: the method is told, the child lives", async () => {
    const onPart = (): void => {
      throw new Error("no such part");
    };
    await expect(child.call("untilCancelled", null, { onPart })).rejects.toThrow("no such part");
    expect(await child.call("echo", 1)).toBe(1);
  });

  test("by a signal that was aborted before: nothing is sent and no child started", async () => {
    const idle = createChild({ name: "idle", module });
    await expect(idle.call("echo", 1, { signal: AbortSignal.abort(new Error("early")) })).rejects.toThrow("early");
    expect(idle.pid).toBeUndefined();
  });

  test("by its deadline, which kills the child; the next call starts another", async () => {
    const pid = child.pid;
    const begun = performance.now();
    const spinning = child.call("spin", null, { deadline: 200 });
    const beside = child.call("echo", 1);
    await expect(spinning).rejects.toMatchObject({ code: "child.deadline" });
    await expect(beside).rejects.toMatchObject({ code: "child.died" });
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(await child.call("echo", 2)).toBe(2);
    expect(child.pid).not.toBe(pid);
  });

  test("by the child's death, which every call in flight is told; the next call starts another", async () => {
    const beside = child.call("untilCancelled", null);
    const exiting = child.call("exit", 7);
    await expect(exiting).rejects.toMatchObject({ code: "child.died", message: expect.stringContaining("exit 7") });
    await expect(beside).rejects.toMatchObject({ code: "child.died" });
    expect(await child.call("echo", 3)).toBe(3);
  });

  test("by killing the child; a call made right after goes to a new one", async () => {
    const killed = child.call("spin", null);
    const pid = child.pid!;
    child.kill();
    const next = child.call("echo", 4);
    await expect(killed).rejects.toMatchObject({ code: "child.died" });
    expect(await next).toBe(4);
    expect(child.pid).not.toBe(pid);
    await gone(pid);
  });

  test("by closing it for good, also while it spins", async () => {
    const closing = createChild({ name: "closing", module });
    await closing.call("echo", 1);
    const pid = closing.pid!;
    const spinning = closing.call("spin", null).catch((error: unknown) => error);
    await closing.close();
    expect(await spinning).toMatchObject({ code: "child.died" });
    await expect(closing.call("echo", 1)).rejects.toMatchObject({ code: "child.closed" });
    await gone(pid);
  });
});

test("a module that cannot start fails its calls with what it said", async () => {
  const broken = createChild({ name: "broken", module: new URL("__fixtures__/absent.ts", import.meta.url) });
  await expect(broken.call("echo", 1)).rejects.toMatchObject({
    code: "child.died",
    message: expect.stringContaining("absent.ts"),
  });
  await broken.close();
});

test("a child gets the environment it is given and nothing of its parent's", async () => {
  process.env["OPENAI_API_KEY"] = "secret";
  const names = Object.keys(await child.call<object>("environment", null)).filter((name) => !name.startsWith("NODE_"));
  delete process.env["OPENAI_API_KEY"];
  expect(names.sort()).toEqual(["GIVEN", "SHEAF_PARENT_PROCESS"]);
});

test("of what a child writes to standard error only the end is kept, and told with its death", async () => {
  await child.call("standardError", `${"noise ".repeat(1_000_000)}\nthe reason\n`);
  const error = (await child.call("exit", 1).catch((error: unknown) => error)) as Error;
  expect(error.message).toContain("the reason");
  expect(error.message.length).toBeLessThan(1000);
});

describe("no child outlives its parent", () => {
  const parents: ReturnType<typeof spawn>[] = [];
  afterEach(() => {
    for (const parent of parents.splice(0)) parent.kill("SIGKILL");
  });

  async function startParent(...words: string[]): Promise<{ parent: ReturnType<typeof spawn>; pid: number }> {
    const script = fileURLToPath(new URL("__fixtures__/test-parent.ts", import.meta.url));
    const parent = spawn(process.execPath, [script, ...words], { stdio: ["ignore", "pipe", "ignore"] });
    parents.push(parent);
    const [line] = (await once(parent.stdout!, "data")) as [Buffer];
    return { parent, pid: Number(line) };
  }

  test.each(["spin", "untilCancelled"])("killed with SIGKILL while the child is in %s", async (method) => {
    const { parent, pid } = await startParent(method);
    await sleep(200);
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    await gone(pid);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("ended with %s while the child spins", async (signal) => {
    const { parent, pid } = await startParent("spin");
    await sleep(200);
    parent.kill(signal);
    await gone(pid);
  });

  test.each(["throw", "exit"])("that ends by %s while the child spins", async (ending) => {
    const { parent, pid } = await startParent("spin", ending);
    await once(parent, "exit");
    await gone(pid);
  });

  test("that ends all its children and lives on itself, without starting one again", async () => {
    const { parent, pid } = await startParent("spin", "end-all");
    const [code] = (await once(parent.stdout!, "data")) as [Buffer];
    expect(code.toString()).toBe("child.closed\n");
    await gone(pid);
    expect(isRunning(parent.pid!)).toBe(true);
  });

  test("and an idle child does not keep its parent running", async () => {
    const { parent, pid } = await startParent("none");
    const [code] = (await once(parent, "exit")) as [number];
    expect(code).toBe(0);
    await gone(pid);
  });

  test("but Ctrl-C at the child alone is not heard: the parent decides", async () => {
    await child.call("echo", 1);
    const pid = child.pid!;
    process.kill(pid, "SIGINT");
    await sleep(100);
    expect(await child.call("echo", 1)).toBe(1);
    expect(child.pid).toBe(pid);
  });
});

/** Fails where the process still runs after two seconds, the time a child has to notice. */
async function gone(pid: number): Promise<void> {
  for (const begun = performance.now(); isRunning(pid); await sleep(20))
    if (performance.now() - begun > 2000) throw new Error(`process ${pid} still runs`);
}

/** A zombie, which no one has waited for, has ended. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, "utf8"));
}
