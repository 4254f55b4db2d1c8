/** The file of the example that a new workspace begins with. */
export const firstExample = "card-triage.md";
