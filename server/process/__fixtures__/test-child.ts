import { SheafError } from "#server/notebook/sheaf-error.ts";
import { serveChild } from "../serve-child.ts";

serveChild({
  echo: (argument: unknown) => argument,
  size: (bytes: Uint8Array) => bytes.length,
  environment: () => ({ ...process.env }),
  standardError: (text: string) => new Promise((resolve) => process.stderr.write(text, () => resolve(null))),
  async parts(count: number, { emit }) {
    for (let part = 0; part < count; part += 1) await emit(part);
    return count;
  },
  async bigParts(count: number, { emit }) {
    let most = 0;
    for (let part = 0; part < count; part += 1) {
      await emit(new Uint8Array(1 << 20));
      most = Math.max(most, process.memoryUsage().rss);
    }
    return most;
  },
  fail() {
    throw new SheafError("test.failed", "it failed", {
      cure: "Do not call it.",
      position: { line: 2, column: 3, offset: 9, length: 4 },
    });
  },
  failPlainly() {
    throw new RangeError("out of range");
  },
  uncloneable: () => () => 1,
  untilCancelled: (_argument: unknown, { signal, emit }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        void emit("aborted");
        reject(signal.reason);
      });
      void emit("waiting");
    }),
  exit: (code: number) => process.exit(code),
  spin() {
    for (;;);
  },
});
