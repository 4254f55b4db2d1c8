/** Data comes as the server wrote it: integers beyond 2^53 as their digits. */
export const plainData = {
  serialize: (value: unknown): unknown => value,
  deserialize: (value: unknown): unknown => value,
};
