import type { Moment } from "#server/notebook/services.ts";
import type { Session } from "./duckdb-session.ts";

/**
 * Has a session's SQL see one moment: functions that read the clock become macros of its own database, which hide DuckDB's own,
 * also behind the words `current_date` or `localtime`, and `random()`, `uuid()` and samples begin from the seed. A function written with
 * DuckDB's own catalog, `system.main.now()`, is not hidden.
 */
export async function pinMoment(session: Session, { clock, seed }: Moment): Promise<void> {
  const instant = `make_timestamptz(${clock} * 1000)`;
  const local = `make_timestamp(${clock} * 1000)`;
  const day = `cast(${local} as date)`;
  const macros: { readonly [head: string]: string } = {
    "now()": instant,
    "get_current_timestamp()": instant,
    "transaction_timestamp()": instant,
    "get_current_time()": `cast(${instant} as timetz)`,
    "current_localtimestamp()": local,
    "current_localtime()": `cast(${local} as time)`,
    "current_date()": day,
    "today()": day,
    "age(t)": `system.main.age(cast(${day} as timestamp), t), (t, u) as system.main.age(t, u)`,
    "uuidv7()": `cast('${uuidTime(clock)}' || substr(cast(uuid() as varchar), 16) as uuid)`,
  };
  const created = Object.entries(macros).map(([head, body]) => `create macro ${head} as ${body};`);
  // DuckDB takes -1 to 1, and makes 32 bits of it.
  await session.execute(`${created.join("\n")}\nselect setseed(${Math.min(1, (seed + 0.5) / 2147483647.5 - 1)});`);
}

/** A version 7 UUID up to its version: 48 bits of milliseconds (RFC 9562). */
function uuidTime(clock: number): string {
  const hex = BigInt.asUintN(48, BigInt(clock)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
}
