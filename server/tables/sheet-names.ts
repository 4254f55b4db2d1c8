import type { Session } from "./duckdb-session.ts";

/**
 * Small integers that stand for texts, kept in the table `sheet_names` so that they mean the same after a restart: a
 * sheet's nodes, variants, key texts and bindings. `scope` keeps the sheets apart; 0 is that of the sheets themselves.
 */
export interface SheetNames {
  /** The integer of a text, given and kept now where it has none. `also` is SQL run in the same transaction, for the new integer. */
  id(scope: number, kind: NameKind, text: string, also?: (id: number) => string): Promise<number>;
  /** The integer of a text that has one, or undefined. */
  known(scope: number, kind: NameKind, text: string): Promise<number> | undefined;
  /** The text of an integer. */
  text(scope: number, kind: NameKind, id: number): string | undefined;
  /** All texts of a kind with their integers. */
  all(scope: number, kind: NameKind): readonly (readonly [text: string, id: number])[];
  /** Forgets a text in memory; its record is the caller's to delete. */
  forget(scope: number, kind: NameKind, text: string): void;
  /** Gives an integer another text in memory; its record is the caller's to change. */
  rename(scope: number, kind: NameKind, text: string, to: string): void;
  /** Forgets in memory all that is in a scope. */
  forgetScope(scope: number): void;
}

export type NameKind = "sheet" | "node" | "variant" | "key" | "binding";

type Write = <Answer>(work: (session: Session) => Promise<Answer>) => Promise<Answer>;

interface Register {
  readonly ids: Map<string, Promise<number>>;
  readonly texts: Map<number, string>;
  next: number;
}

/** Reads the names that are kept. `write` runs work in a transaction, one after another. */
export async function loadSheetNames(session: Session, write: Write): Promise<SheetNames> {
  await session.execute(
    "create table if not exists sheet_names (scope INTEGER not null, kind VARCHAR not null, id INTEGER not null, text VARCHAR not null)",
  );
  const registers = new Map<string, Register>();
  const register = (scope: number, kind: NameKind): Register => {
    const place = `${kind}/${scope}`;
    const found = registers.get(place) ?? { ids: new Map(), texts: new Map(), next: 1 };
    registers.set(place, found);
    return found;
  };
  const kept = await session.queryColumns("select scope, kind, id, text from sheet_names");
  const [scopes, kinds, ids, texts] = kept.columns as readonly [number[], NameKind[], number[], string[]];
  for (const [index, id] of ids.entries()) {
    const found = register(scopes[index]!, kinds[index]!);
    found.ids.set(texts[index]!, Promise.resolve(id));
    found.texts.set(id, texts[index]!);
    found.next = Math.max(found.next, id + 1);
  }

  return {
    id(scope, kind, text, also) {
      const found = register(scope, kind);
      const known = found.ids.get(text);
      if (known !== undefined) return known;
      const id = found.next++;
      const keeping = write(async (session) => {
        await session.execute("insert into sheet_names values ($scope, $kind, $id, $text)", { scope, kind, id, text });
        if (also !== undefined) await session.execute(also(id));
        found.texts.set(id, text);
        return id;
      });
      // The integer is used only once it is kept, or after a crash it could come to stand for another text.
      found.ids.set(text, keeping);
      keeping.catch(() => found.ids.delete(text));
      return keeping;
    },
    known: (scope, kind, text) => register(scope, kind).ids.get(text),
    text: (scope, kind, id) => register(scope, kind).texts.get(id),
    all: (scope, kind) => [...register(scope, kind).texts].map(([id, text]) => [text, id] as const),
    forget(scope, kind, text) {
      const found = register(scope, kind);
      for (const [id, known] of found.texts) if (known === text) found.texts.delete(id);
      found.ids.delete(text);
    },
    rename(scope, kind, text, to) {
      const found = register(scope, kind);
      const id = found.ids.get(text);
      if (id === undefined) return;
      found.ids.delete(text);
      found.ids.set(to, id);
      for (const [known, old] of found.texts) if (old === text) found.texts.set(known, to);
    },
    forgetScope(scope) {
      for (const place of registers.keys()) if (place.endsWith(`/${scope}`)) registers.delete(place);
    },
  };
}
