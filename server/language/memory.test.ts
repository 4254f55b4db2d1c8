import { expect, test } from "vitest";
import { inLittleMemory } from "./__fixtures__/in-little-memory.ts";

const filled = (start: string, rounds: number, next: string): string =>
  `{% set ns = namespace(x=${start}) %}{% for i in range(${rounds}) %}{% set ns.x = ${next} %}{% endfor %}{{ ns.x | length }}`;

/** What would take more memory than there is, if it were let. */
const hungry = [
  "{{ range(10 ** 9) | list }}",
  "{{ [1, 2] * 10 ** 9 }}",
  "{{ [1] | batch(10 ** 9, 0) }}",
  "{{ [1] | slice(10 ** 9) }}",
  "{{ 'x' * 10 ** 9 }}",
  "{{ 'x' | center(10 ** 9) }}",
  "{{ 'x'.ljust(10 ** 9) }}",
  "{{ '%9999999d' | format(1) }}",
  "{{ ('a' * 5000) | replace('a', 'b' * 5000) }}",
  "{{ ('a' * 5000).replace('', 'b' * 5000) }}",
  "{{ range(5000) | join('a' * 5000) }}",
  "{{ ('ü' * 900000) | urlencode }}",
  "{{ ('a\n' * 400000) | wordwrap(1, wrapstring='abc') }}",
  "{% for i in range(100000) %}0123456789+{% endfor %}",
  "{% for i in range(11) %}{% set a %}{{ 'x' * 100000 }}{% endset %}{% endfor %}",
  "{{ 10 ** (10 ** 10) }}",
  "{{ (10 ** 9000) * (10 ** 9000) }}",
  "{% for i in range(10 ** 5) %}{{ (10 ** 9000) % 7 }}{% endfor %}",
  filled("[1]", 64, "[ns.x, ns.x]"),
  filled("[1]", 64, "ns.x + ns.x"),
  filled("'x'", 64, "ns.x ~ ns.x"),
  filled("{}", 64, "{'a': ns.x, 'b': ns.x}"),
  filled("[]", 1_000, "ns.x + [range(90000) | list]"),
  filled("[]", 1_000, "ns.x + [('😀' ~ i) * 200000]"),
  filled("[]", 1_000, "ns.x + [('é' * 900000) | upper]"),
  filled("[]", 1_000, "ns.x + [('é ' * 400000).split()]"),
  filled("[]", 1_000, "ns.x + [('[' ~ '{},' * 300000 ~ '1]') | fromjson]"),
  filled("[]", 1_000, "ns.x + [10 ** 9000 + i]"),
  filled("[]", 1_000, "ns.x + [('é' * 90000) | list]"),
  "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(64) }}",
  "{% for a in range(900) %}{% for b in range(900) %}{{ a * b ~ a | string | upper }}{% endfor %}{% endfor %}",
  "{{ range(100000) | map('center', 100) | map('upper') | join | length }}",
  "{{ ('[' * 100000 ~ ']' * 100000) | fromjson }}",
  "{{ ('[' ~ '{},' * 300000 ~ '1]') | fromjson | length }}",
  `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`,
  `{{ ${"[1,".repeat(50_000)} }}`,
  "{% if 1 %}".repeat(50_000),
];

test("no template takes more than 96 MB, whatever it asks for", { timeout: 120_000 }, async () => {
  const outcomes = await inLittleMemory(96, hungry);
  for (const [index, outcome] of outcomes.entries())
    expect(outcome, hungry[index]!.slice(0, 200)).toMatch(/^(?:limit |no error$|syntax )/);
});
