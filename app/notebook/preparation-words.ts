import type { Preparation } from "#server/runner/run-event.ts";

/** What a step waits for before anything can come: `fetching smollm2: 45 of 98 MB`, `making the index: 400 of 1,004`. */
export function preparationWords({ what, subject, done, total }: Preparation): string {
  const name = subject.slice(subject.indexOf("/") + 1);
  switch (what) {
    case "fetching":
      return `fetching ${name}: ${megabytes(Math.min(done, total))} of ${megabytes(total)} MB`;
    case "unpacking":
      return `unpacking ${name}`;
    case "checking":
      return `checking ${name}`;
    case "indexing":
      return `making the index: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  }
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toLocaleString("en");
}
