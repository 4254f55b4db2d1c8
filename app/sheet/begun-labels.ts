/** The labels that a text is the beginning of, whatever their case. */
export function begunLabels(labels: readonly string[], text: string): readonly string[] {
  const begun = text.trim().toLowerCase();
  return labels.filter((label) => label.toLowerCase().startsWith(begun));
}
