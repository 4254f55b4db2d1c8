import base from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from "quickjs-emscripten-core";

/** What is used of the platform's WebAssembly, whose types come with those of the DOM. */
interface Memory {
  readonly buffer: ArrayBuffer;
}
declare const WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => Memory };

/** QuickJS in a WebAssembly memory of its own. */
export interface QuickJs {
  readonly module: QuickJSWASMModule;
  readonly memory: Memory;
}

/** The most a call may allocate, in bytes: far enough below the memory's end that rows and errors still fit. */
export const memoryLimit = 48 << 20;

/** QuickJS's own stack, in bytes, small enough that the worker's 8 MB hold whatever it does with it. */
export const stackLimit = 256 << 10;

/**
 * Loads QuickJS with at most 64 MB of memory, also for single big allocations, which its own limit does not bound
 * (quickjs-emscripten 0.32).
 */
export async function loadQuickJs(): Promise<QuickJs> {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 1024 });
  const module = await newQuickJSWASMModuleFromVariant(newVariant(base, { wasmMemory: memory }));
  return { module, memory };
}

/** Whether the memory has grown to where allocations fail. It never shrinks: such a module is not used again. */
export function isFull({ memory }: QuickJs): boolean {
  return memory.buffer.byteLength > 40 << 20;
}
