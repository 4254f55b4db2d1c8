import type { JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import Check from "lucide-solid/icons/check";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import X from "lucide-solid/icons/x";
import "./verdict.css";

const icons: { readonly [Name in "pass" | "fail" | "open"]: (props: { "aria-hidden"?: "true" }) => JSX.Element } = {
  pass: Check,
  fail: X,
  open: CircleDashed,
};
const words = { pass: "passes", fail: "fails", open: "open" } as const;

/** A verdict by shape and word. */
export function Verdict(props: { readonly verdict: "pass" | "fail" | "open"; readonly quiet?: boolean }) {
  return (
    <span class={`verdict-mark ${props.verdict}`}>
      <Dynamic component={icons[props.verdict]} aria-hidden="true" />
      <span classList={{ "visually-hidden": props.quiet === true }}>{words[props.verdict]}</span>
    </span>
  );
}
