import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBArrayValue,
  type DuckDBBlobValue,
  type DuckDBDateValue,
  type DuckDBDecimalValue,
  type DuckDBListValue,
  type DuckDBMapValue,
  type DuckDBStructValue,
  type DuckDBTimestampTZValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { Datum } from "#server/notebook/value.ts";
import { parseJson } from "./parse-json.ts";

type ReadDatum = (value: DuckDBValue) => Datum;

/**
 * How values of one DuckDB type are read as data. Integers are numbers up to 2^53 and `bigint` beyond; a `DECIMAL` is a
 * number where it has at most 15 significant digits, else its text; floating point that JSON cannot say is the text `NaN`,
 * `Infinity` or `-Infinity`. Dates and times are ISO 8601 text (`2026-01-31`, `09:30:00.25`, `2026-01-31T09:30:00`, with
 * `Z` for instants), fractions without trailing zeros; years outside 1…9999 and infinite dates are DuckDB's own text.
 * `JSON` is what it says, with that text for such numbers in it; lists and structs are lists and objects; a map is an object where
 * its keys are text, otherwise a list of `{ key, value }`; a `BLOB` is Base64; everything else (`UUID`, `INTERVAL`, `BIT`, …) is
 * DuckDB's text.
 */
export function datumReader(type: DuckDBType): ReadDatum {
  const read = readerOf(type);
  return (value) => (value === null ? null : read(value));
}

function readerOf(type: DuckDBType): ReadDatum {
  if (type.alias === "JSON") return (value) => jsonDatum(String(value));
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return (value) => value as boolean;
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
      return (value) => value as number;
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
      return (value) => integerDatum(value as bigint);
    case DuckDBTypeId.FLOAT:
      return (value) => floatDatum(shortestFloat(value as number));
    case DuckDBTypeId.DOUBLE:
      return (value) => floatDatum(value as number);
    case DuckDBTypeId.DECIMAL:
      return (value) => decimalDatum(value as DuckDBDecimalValue, type as DuckDBDecimalType);
    case DuckDBTypeId.DATE:
      return (value) => isoDate(value as DuckDBDateValue);
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return (value) => isoTimestamp(String(value));
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => isoInstant(value as DuckDBTimestampTZValue);
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIME_NS:
      return (value) => withoutTrailingZeros(String(value));
    case DuckDBTypeId.BLOB:
      return (value) => Buffer.from((value as DuckDBBlobValue).bytes).toString("base64");
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const item = datumReader((type as DuckDBListType | DuckDBArrayType).valueType);
      return (value) => (value as DuckDBListValue | DuckDBArrayValue).items.map(item);
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      const readers = entryTypes.map(datumReader);
      return (value) => {
        const { entries } = value as DuckDBStructValue;
        return Object.fromEntries(entryNames.map((name, index) => [name, readers[index]!(entries[name] ?? null)]));
      };
    }
    case DuckDBTypeId.MAP:
      return mapReader(type as DuckDBMapType);
    default:
      return (value) => String(value);
  }
}

function mapReader({ keyType, valueType }: DuckDBMapType): ReadDatum {
  const readKey = datumReader(keyType);
  const readValue = datumReader(valueType);
  const textKeys = keyType.typeId === DuckDBTypeId.VARCHAR && keyType.alias === undefined;
  return (value) => {
    const entries = (value as DuckDBMapValue).entries.map((entry) => ({
      key: readKey(entry.key),
      value: readValue(entry.value),
    }));
    return textKeys ? Object.fromEntries(entries.map((entry) => [String(entry.key), entry.value])) : entries;
  };
}

/** Strings, and what DuckDB's JSON may have beside them: a comma before a closing bracket, and numbers JSON cannot say. */
const beyondJson = /"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])|(-?)(nan|inf(?:inity)?)\b/gi;

function jsonDatum(text: string): Datum {
  try {
    return parseJson(text);
  } catch {
    const plain = text.replace(beyondJson, (found: string, sign: string, name: string | undefined) => {
      if (name === undefined) return found === "," ? "" : found;
      return JSON.stringify(/^n/i.test(name) ? "NaN" : `${sign}Infinity`);
    });
    return parseJson(plain);
  }
}

function integerDatum(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A `FLOAT` as the number people wrote, 0.1 and not 0.10000000149011612: the shortest text that is the same 32-bit number. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function floatDatum(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  return value === 0 ? 0 : value;
}

function decimalDatum({ value }: DuckDBDecimalValue, { scale }: DuckDBDecimalType): number | string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = `${negative ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`}`;
  const significant = digits.replace(/^0+/, "").replace(/0+$/, "");
  return significant.length <= 15 ? Number(text) : text;
}

/** The days by which DuckDB stands for the dates without end. */
const endless = 2 ** 31 - 1;

function isoDate(date: DuckDBDateValue): string {
  if (Math.abs(date.days) === endless) return date.days > 0 ? "infinity" : "-infinity";
  return String(date);
}

const plainTimestamp = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)/;

function isoTimestamp(text: string): string {
  const match = plainTimestamp.exec(text);
  return match === null || match[0] !== text ? text : `${match[1]}T${withoutTrailingZeros(match[2]!)}`;
}

function isoInstant({ micros }: DuckDBTimestampTZValue): string {
  // Its own text would have the offset of this machine's time zone.
  const text = String(new DuckDBTimestampValue(micros));
  const iso = isoTimestamp(text);
  return iso === text ? text : `${iso}Z`;
}

function withoutTrailingZeros(time: string): string {
  return time.includes(".") ? time.replace(/\.?0+$/, "") : time;
}
