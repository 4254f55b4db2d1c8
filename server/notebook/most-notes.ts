/** The most results that people say something of at once. */
export const mostNotes = 200_000;
