/** What a SQL cell says to read a dataset file: `from 'banking77/train.csv'`. */
export function fromSnippet(path: string): string {
  return `from '${path.replaceAll("'", "''")}'`;
}
