import { hostValue, type HostValue, type LanguageRecord, type LanguageValue } from "./language-value.ts";

/** What `namespace()` makes: the one value a template can change. */
export class Namespace implements HostValue {
  readonly [hostValue] = true as const;
  readonly kind = "namespace";
  private readonly members: Map<string, LanguageValue>;

  constructor(members: LanguageRecord) {
    this.members = new Map(Object.entries(members).map(([name, value]) => [name, value ?? null]));
  }

  attribute(name: string): LanguageValue | undefined {
    return this.members.get(name);
  }

  names(): Iterable<string> {
    return this.members.keys();
  }

  set(name: string, value: LanguageValue): void {
    this.members.set(name, value);
  }
}
