/**
 * How many threads a language model computes with: one less than the cores, at least one, or what `SHEAF_THREADS` says.
 * llama.cpp's threads spin while they wait for each other: on cores that are busy with something else they fall to a hundredth of their speed.
 */
export function languageThreads(cores: number, setting: string | undefined): number {
  return positiveInteger(setting) ?? Math.max(1, cores - 1);
}

/** How many workers embed side by side: one a core, four at most, or what `SHEAF_THREADS` says. They have one thread each, which never spins. */
export function embeddingWorkers(cores: number, setting: string | undefined): number {
  return Math.min(4, positiveInteger(setting) ?? cores);
}

/** How many bytes loaded language models may take together: a quarter of the machine's, at least 1 GiB, or the megabytes that `SHEAF_MODEL_MEMORY` says. */
export function modelMemory(total: number, setting: string | undefined): number {
  return (positiveInteger(setting) ?? 0) * 1e6 || Math.max(2 ** 30, total / 4);
}

function positiveInteger(setting: string | undefined): number | undefined {
  return setting !== undefined && /^[1-9]\d{0,8}$/.test(setting) ? Number(setting) : undefined;
}
