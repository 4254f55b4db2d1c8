const endings = new Set<() => void>();
let watching = false;

/**
 * Ends every child process of this one at once and for good: calls in flight fail, and no call starts a child again.
 * Synchronous and repeatable, so that a signal handler, an `uncaughtException` handler or an `exit` handler may call it.
 */
export function endAllChildren(): void {
  for (const end of endings) end();
}

/** Has `end` called by `endAllChildren`, and when this process exits, until the returned function is called. */
export function registerChild(end: () => void): () => void {
  if (!watching) {
    watching = true;
    process.on("exit", endAllChildren);
  }
  endings.add(end);
  return () => endings.delete(end);
}
