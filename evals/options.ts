import { z } from "zod";
import { configurationWords } from "#server/notebook/configuration-words.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";

/** Any value a field may come to, null included. */
export const datum: z.ZodType<Datum> = z.custom<Datum>((value) => value !== undefined);

/** A text, a number or a truth, as the text it is; null where the row has none. */
export const text: z.ZodType<string | null> = z
  .union([z.string(), z.number(), z.bigint(), z.boolean(), z.null()])
  .transform((value) => (value === null ? null : String(value)));

/** A text or a list of texts. */
export const texts: z.ZodType<string | null | (string | null)[]> = z.union([text, z.array(text)]);

/**
 * What may stand behind a scorer's name: nothing, the value it is about (`contains: refund`), or an object of settings
 * that may have the value among them (`contains: { value: refund, ignore_case: true }`).
 */
export function valueOrSettings<Value, Shape extends z.ZodRawShape>(
  value: z.ZodType<Value>,
  settings: Shape,
): z.ZodType<{ value?: Value | undefined } & z.output<z.ZodObject<Shape>>> {
  type Options = { value?: Value | undefined } & z.output<z.ZodObject<Shape>>;
  const keys = ["value", ...Object.keys(settings)];
  const object = z.strictObject({ value: value.optional(), ...settings });
  return z.unknown().transform((given, context) => {
    if (given === undefined) return {} as Options;
    const isSettings =
      isMapping(given) && Object.keys(given).length > 0 && Object.keys(given).every((key) => keys.includes(key));
    const asValue = isSettings ? undefined : value.safeParse(given, { error: configurationWords });
    if (asValue?.success) return { value: asValue.data } as Options;
    // A value that is none and has keys was meant as settings.
    const parsed = isMapping(given) ? object.safeParse(given, { error: configurationWords }) : asValue!;
    if (parsed.success) return parsed.data as unknown as Options;
    for (const { path, message } of parsed.error!.issues)
      context.issues.push({ code: "custom", path, message, input: given });
    return z.NEVER;
  });
}
