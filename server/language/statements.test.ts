import { describe, expect, test } from "vitest";
import { templateFault, text } from "./__fixtures__/evaluated.ts";

describe("print", () => {
  test("writes the canonical text of a value", () => {
    expect(text("{{ 4 / 2 }}|{{ 0.1 + 0.2 }}|{{ 1e21 }}|{{ -0.0 }}|{{ 10 ** 20 }}")).toBe(
      "2|0.30000000000000004|1e+21|0|100000000000000000000",
    );
    expect(text("{{ true }}|{{ false }}|{{ none }}|{{ 'a' }}|{{ '' }}")).toBe("true|false||a|");
    expect(text('{{ [1, "a", none, [true]] }}|{{ {"b": 1, "a": [2]} }}|{{ [] }}|{{ {} }}')).toBe(
      '[1, "a", null, [true]]|{"b": 1, "a": [2]}|[]|{}',
    );
    expect(text("{{ n }}|{{ big }}", { n: Number.NaN, big: 9007199254740993n })).toBe("NaN|9007199254740993");
  });

  test("takes several values as a list", () => {
    expect(text("{{ 1, 2 }}|{{ (1,) }}|{{ () }}")).toBe("[1, 2]|[1]|[]");
  });

  test("needs an expression and nothing after it", () => {
    expect(templateFault("a {{ }}")).toBe("syntax 1:6+2 expected a value and found the end");
    expect(templateFault("{{ a b }}")).toBe("syntax 1:6+1 `b` is too much here");
  });
});

describe("if", () => {
  test("takes the first branch whose condition holds, or else", () => {
    const source = "{% if n > 2 %}big{% elif n > 1 %}two{% elif n == 1 %}one{% else %}none{% endif %}";
    expect([3, 2, 1, 0].map((n) => text(source, { n }))).toEqual(["big", "two", "one", "none"]);
    expect(text("{% if false %}a{% endif %}")).toBe("");
  });

  test("takes as true what is not null, false, zero or empty", () => {
    const truth = (value: string) => text(`{% if ${value} %}yes{% else %}no{% endif %}`, { big: 2n ** 60n });
    expect(["true", "1", "-0.5", "'0'", "[0]", "{'a': 0}", "big"].map(truth)).toEqual(Array(7).fill("yes"));
    expect(["false", "none", "0", "0.0", "''", "[]", "{}", "big - big"].map(truth)).toEqual(Array(8).fill("no"));
  });

  test("takes any expression as condition", () => {
    expect(text("{% if 0 if true else 1 %}a{% else %}b{% endif %}")).toBe("b");
  });

  test("opens no block of names", () => {
    expect(text("{% if true %}{% set a = 1 %}{% endif %}{{ a }}")).toBe("1");
  });
});

describe("for", () => {
  test("goes through lists, texts by character and mappings by key", () => {
    expect(text("{% for i in [1, 2] %}{{ i }};{% endfor %}")).toBe("1;2;");
    expect(text("{% for c in 'aé😀' %}{{ c }};{% endfor %}")).toBe("a;é;😀;");
    expect(text("{% for k in {'a': 1, 'b': 2} %}{{ k }};{% endfor %}")).toBe("a;b;");
    expect(text("{% for i in 1, 2, 3 %}{{ i }}{% endfor %}")).toBe("123");
  });

  test("knows its place as `loop`", () => {
    const members = "index index0 revindex revindex0 first last length".split(" ");
    const source = `{% for x in ['a', 'b', 'c'] %}${members.map((name) => `{{ loop.${name} }}`).join(" ")}/{% endfor %}`;
    expect(text(source)).toBe("1 0 3 2 true false 3/2 1 2 1 false false 3/3 2 1 0 false true 3/");
    expect(
      text("{% for x in 'abc' %}{{ loop.previtem | default('-') }}{{ loop.nextitem | default('-') }} {% endfor %}"),
    ).toBe("-b ac b- ");
    expect(text("{% for x in 'abcd' %}{{ loop.cycle('x', 'y', 'z') }}{% endfor %}")).toBe("xyzx");
    expect(text("{% for x in [1, 1, 2, 2, 1] %}{{ 'c' if loop.changed(x) else '.' }}{% endfor %}")).toBe("c.c.c");
  });

  test("has no neighbour before the first and after the last, and no other members", () => {
    expect(templateFault("{% for x in [1] %}{{ loop.previtem }}{% endfor %}")).toBe(
      "undefined 1:27+8 `loop` has no `previtem`",
    );
    expect(templateFault("{% for x in [1] %}{{ loop.indx }}{% endfor %}")).toBe(
      "undefined 1:27+4 `loop` has no `indx`; did you mean `index`?",
    );
    expect(templateFault("{% for x in [1] %}{{ loop.cycle() }}{% endfor %}")).toBe(
      "type 1:27+7 `loop.cycle` needs the values to go through",
    );
    expect(templateFault("{% for x in [1] %}{{ loop.jump() }}{% endfor %}")).toBe(
      "undefined 1:27+6 a loop has no method `jump`",
    );
  });

  test("leaves out elements by a condition, before `loop` counts", () => {
    expect(text("{% for x in range(6) if x is odd %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}")).toBe(
      "1/3:1 2/3:3 3/3:5 ",
    );
  });

  test("has an else for when there is nothing", () => {
    expect(text("{% for x in [] %}x{% else %}none{% endfor %}")).toBe("none");
    expect(text("{% for x in [1] if x > 1 %}x{% else %}none{% endfor %}")).toBe("none");
    expect(text("{% for x in [1] %}x{% else %}none{% endfor %}")).toBe("x");
  });

  test("takes elements apart into names", () => {
    expect(text("{% for a, (b, c) in [[1, [2, 3]], [4, 'xy']] %}{{ a }}{{ b }}{{ c }} {% endfor %}")).toBe("123 4xy ");
    expect(templateFault("{% for a, b in [[1, 2, 3]] %}{% endfor %}")).toBe(
      "type 1:8+4 3 values cannot be taken apart into 2 names",
    );
    expect(templateFault("{% for a, b in [1] %}{% endfor %}")).toBe("type 1:8+4 a number has no elements");
  });

  test("keeps its names to itself, and those it sets to one round", () => {
    expect(text("{% set x = 0 %}{% for x in [1, 2] %}{{ x }}{% endfor %}{{ x }}")).toBe("120");
    expect(
      text("{% for x in [1, 2] %}{{ y | default('-') }}{% set y = x %}{{ y }} {% endfor %}{{ y | default('none') }}"),
    ).toBe("-1 -2 none");
    expect(text("{% for x in [1, 2] %}{% set x = x * 10 %}{{ x }} {% endfor %}")).toBe("10 20 ");
    expect(
      text("{% for a in [1, 2] %}{% for b in [1, 2] %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}"),
    ).toBe("121 122 ");
  });

  test("refuses what has no elements", () => {
    expect(templateFault("{% for x in none %}{% endfor %}")).toBe(
      "type 1:13+4 null has no elements → `… or []` takes an empty list instead of null.",
    );
    expect(templateFault("{% for x in 5 %}{% endfor %}")).toBe("type 1:13+1 a number has no elements");
  });

  test("has a form that is explained where it is missed", () => {
    expect(templateFault("{% for x on y %}{% endfor %}")).toBe(
      "syntax 1:10+2 expected `in` and found `on` → A loop is `{% for item in items %}`.",
    );
    expect(templateFault("{% for x in y recursive %}{% endfor %}")).toBe(
      "syntax 1:15+9 `recursive` is too much here → A macro that calls itself walks a tree.",
    );
    expect(templateFault("{% for loop in y %}{% endfor %}")).toBe("syntax 1:8+4 `loop` cannot be assigned to");
    expect(templateFault("{% for x, in [[1]] %}{{ x }}{% endfor %}")).toBe("no error");
  });
});

describe("set", () => {
  test("names a value from there on", () => {
    expect(text("{% set a = 1 %}{% set b = a + 1 %}{{ a }}{{ b }}")).toBe("12");
    expect(text("{% set a, b = 1, 2 %}{% set (a, b) = [b, a] %}{{ a }}{{ b }}")).toBe("21");
    expect(text("{{ x }}{% set x = x ~ '!' %}{{ x }}", { x: "a" })).toBe("aa!");
  });

  test("names the text of a block, through filters", () => {
    expect(text("{% set a %}x{{ 1 }}{% endset %}[{{ a }}{{ a | length }}]")).toBe("[x12]");
    expect(text("{% set a | trim | upper %} x {% endset %}[{{ a }}]")).toBe("[X]");
    expect(text("{% set a %}{% set b = 1 %}{{ b }}{% endset %}{{ a }}{{ b | default('-') }}")).toBe("1-");
  });

  test("changes the members of a namespace, also from inside a loop", () => {
    expect(
      text(
        "{% set ns = namespace(n=0, s='') %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}{{ ns.s }}",
      ),
    ).toBe("6");
    expect(text("{% set ns = namespace() %}{% set ns.a, x = 1, 2 %}{{ ns.a }}{{ x }}")).toBe("12");
    expect(templateFault("{% set ns = namespace(total=0) %}{{ ns.totl }}")).toBe(
      "undefined 1:40+4 `ns` has no `totl`; did you mean `total`?",
    );
    expect(templateFault("{% set d = {} %}{% set d.a = 1 %}")).toBe(
      "type 1:24+3 a mapping cannot be changed → `{% set ns = namespace() %}` makes what can.",
    );
  });

  test("refuses words of the language", () => {
    expect(templateFault("{% set true = 1 %}")).toBe("syntax 1:8+4 `true` cannot be assigned to");
    expect(templateFault("{% set a, b %}{% endset %}")).toBe("syntax 1:13+2 expected `=` and found the end");
    expect(templateFault("{% set a = 1 2 %}")).toBe("syntax 1:14+1 `2` is too much here");
    expect(templateFault("{% set 1 = 2 %}")).toBe("syntax 1:8+1 expected a name and found `1`");
  });
});

describe("macro and call", () => {
  test("a macro is text with parameters, by place or by name, with values for those left out", () => {
    const macro = "{% macro m(a, b=2, c=b) %}{{ a }}{{ b }}{{ c }};{% endmacro %}";
    expect(text(`${macro}{{ m(1) }}{{ m(1, 5) }}{{ m(a=1, c=3) }}{{ m('x', c='z', b='y') }}`)).toBe("122;155;123;xyz;");
    expect(text("{% macro m(a) %}{{ a is defined }}{% endmacro m %}{{ m() }}{{ m(none) }}")).toBe("falsetrue");
  });

  test("a macro refuses arguments it does not have", () => {
    const macro = "{% macro m(first) %}{{ first }}{% endmacro %}";
    expect(templateFault(`${macro}{{ m(1, 2) }}`)).toBe("type 1:49+7 `m` takes at most 1, not 2");
    expect(templateFault(`${macro}{{ m(frist=1) }}`)).toBe(
      "type 1:49+10 `m` has no argument `frist`; did you mean `first`?",
    );
    expect(templateFault(`${macro}{{ m(1, first=1) }}`)).toBe("type 1:49+13 `m` gets its argument `first` twice");
    expect(templateFault(`${macro}{{ m() }}`)).toBe("undefined 1:24+5 `first` has no value here");
  });

  test("a macro sees the names around it as they are when it is called, and keeps its own", () => {
    expect(text("{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}")).toBe("2");
    expect(text("{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}", { x: 9 })).toBe("2");
    expect(text("{% macro m() %}{% set x = 5 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}", { x: 9 })).toBe("59");
    expect(text("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1) }}{{ x }}", { x: 9 })).toBe("19");
    expect(templateFault("{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% set x = 2 %}", { x: 9 })).toBe(
      "undefined 1:19+1 `x` has no value here",
    );
  });

  test("macros call each other and themselves, within bounds", () => {
    expect(
      text(
        "{% macro a(n) %}{{ n }}{% if n > 0 %}{{ b(n - 1) }}{% endif %}{% endmacro %}{% macro b(n) %}.{{ a(n) }}{% endmacro %}{{ a(2) }}",
      ),
    ).toBe("2.1.0");
    expect(templateFault("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}")).toBe(
      "limit 1:19+3 this is nested deeper than 100",
    );
  });

  test("a macro's result is text like any other", () => {
    expect(text("{% macro m() %} a {% endmacro %}[{{ m() | trim | upper }}{{ m() ~ 'b' }}]")).toBe("[A a b]");
  });

  test("a macro can be kept in a mapping and called there", () => {
    expect(
      text(
        "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set tools = {'wrap': m} %}{{ tools.wrap(1) }}{{ tools['wrap'](2) }}",
      ),
    ).toBe("<1><2>");
  });

  test("call hands a macro a block as `caller`", () => {
    expect(text("{% macro box(t) %}[{{ t }}:{{ caller() }}]{% endmacro %}{% call box('a') %}in{% endcall %}")).toBe(
      "[a:in]",
    );
    expect(
      text(
        "{% macro each(xs) %}{% for x in xs %}{{ caller(x, loop.index) }}{% endfor %}{% endmacro %}{% call(x, n) each('ab') %}{{ n }}{{ x }} {% endcall %}",
      ),
    ).toBe("1a 2b ");
    expect(text("{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}")).toBe(
      "falsetrue",
    );
    expect(
      text("{% macro m(a, b=1) %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m('x', b='y') %}z{% endcall %}"),
    ).toBe("xyz");
  });

  test("call needs a macro that is called", () => {
    expect(templateFault("{% call range(1) %}{% endcall %}")).toBe(
      "undefined 1:9+5 `range` is not defined → `range` is a function: `range(…)`.",
    );
    expect(templateFault("{% call f() %}{% endcall %}", { f: 1 })).toBe(
      "type 1:9+3 `call` needs a macro and got a number",
    );
    expect(templateFault("{% call m %}{% endcall %}")).toBe("syntax 1:9+1 `call` needs a call of a macro");
  });

  test("parameters are names, each once, those with values last", () => {
    expect(templateFault("{% macro m(a, a) %}{% endmacro %}")).toBe("syntax 1:15+1 `a` is a parameter twice");
    expect(templateFault("{% macro m(a=1, b) %}{% endmacro %}")).toBe(
      "syntax 1:17+1 a parameter without a value stands after one with a value",
    );
    expect(templateFault("{% macro m %}{% endmacro %}")).toBe(
      "syntax 1:12+2 expected `(` and the parameters and found the end",
    );
    expect(templateFault("{% macro m(a %}{% endmacro %}")).toBe(
      "syntax 1:14+2 expected `)` to close the parameters and found the end",
    );
  });
});

describe("filter, with, raw and comments", () => {
  test("filter applies filters to a block", () => {
    expect(
      text("{% filter upper | replace('A', '4') %}a{{ 'b' }}{% set x = 1 %}{% endfilter %}{{ x | default('-') }}"),
    ).toBe("4B-");
  });

  test("with names values for a block; they are read before any of them is set", () => {
    expect(text("{% with a = 1, b = x %}{{ a }}{{ b }}{% endwith %}{{ x }}", { x: 5 })).toBe("155");
    expect(text("{% with x = 1, y = x %}{{ x }}{{ y }}{% endwith %}", { x: 5 })).toBe("15");
    expect(text("{% with %}{% set a = 1 %}{{ a }}{% endwith %}{{ a | default('-') }}")).toBe("1-");
    expect(text("{% with (a, b) = [1, 2] %}{{ a }}{{ b }}{% endwith %}")).toBe("12");
  });

  test("raw is text as it stands, comments are nothing", () => {
    expect(text("{% raw %}{{ x }}{% if %}{# c #}{% endraw %}")).toBe("{{ x }}{% if %}{# c #}");
    expect(text("a{# {{ x }} {% if %} #}b{##}c")).toBe("abc");
    expect(text("{%- raw -%} x {%- endraw -%} y")).toBe("xy");
  });
});

describe("white space", () => {
  test("a block tag or comment alone on its line leaves no line", () => {
    expect(text("a\n{% if true %}\n  b\n{% endif %}\nc\n")).toBe("a\n  b\nc\n");
    expect(text("a\n   {# note #}\n   {% set x = 1 %}   \nb")).toBe("a\n   \nb");
    expect(text("a\n\t {% if true %}\nb\n\t{% endif %}\n\nc")).toBe("a\nb\n\nc");
    expect(text("{% raw %}\nx\n{% endraw %}\ny")).toBe("x\ny");
  });

  test("the line end after a block tag or comment goes on any line, unless `+` keeps it", () => {
    expect(text("a{% if true %}b{% endif %}\nc{# note #}\nd")).toBe("abcd");
    expect(text("a{% if true %}b{% endif +%}\nc{# note +#}\nd")).toBe("ab\nc\nd");
  });

  test("all other white space on a line with a tag stays", () => {
    expect(text("  a {% if true %} b\n {% endif %} c")).toBe("  a  b\n c");
    expect(text("{% if true %}  {% endif %}x")).toBe("  x");
    expect(text("  {{ 1 }}\n  {{ 2 }}\n")).toBe("  1\n  2\n");
  });

  test("`-` takes all white space at its side, `+` none", () => {
    expect(text("a \n\t {%- if true -%} \n b \n {{- 1 -}} \n {%- endif %} c {#- x -#} d")).toBe("ab1 cd");
    expect(text("  {%+ if true +%}\n  {% endif %}")).toBe("  \n");
    expect(text("a  {#+ x +#}\nb\n  {#+ y #}\nc")).toBe("a  \nb\n  c");
    expect(text("a\n  {{- 1 }}")).toBe("a1");
    expect(text("{% raw +%}\nx\n  {%+ endraw +%}\ny")).toBe("\nx\n  \ny");
  });

  test("line ends come out as \\n, and the last one is kept", () => {
    expect(text("a\r\n{% if true %}\r\nb\r{% endif %}\r\nc\r\n")).toBe("a\nb\nc\n");
    expect(text("a\n")).toBe("a\n");
    expect(text("{{ 'a\r\nb' }}")).toBe("a\nb");
  });
});
