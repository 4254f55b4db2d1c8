import Ellipsis from "lucide-solid/icons/ellipsis";

/** The button that opens what can be done with something. `open` is given the button, for the menu to stand at. */
export function MenuButton(props: {
  readonly label: string;
  readonly tip?: string;
  /** Whether it is seen only where one points at what it is for. */
  readonly isOnHover?: boolean;
  open(at: Element): void;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      classList={{ "on-hover": props.isOnHover === true }}
      aria-label={props.label}
      aria-haspopup="menu"
      data-tip={props.tip}
      onClick={(event) => props.open(event.currentTarget)}
    >
      <Ellipsis />
    </button>
  );
}
