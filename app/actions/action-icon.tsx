import type { JSX } from "solid-js";
import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import CircleAlert from "lucide-solid/icons/circle-alert";
import Clipboard from "lucide-solid/icons/clipboard";
import Columns from "lucide-solid/icons/columns-2";
import Copy from "lucide-solid/icons/copy";
import CopyPlus from "lucide-solid/icons/copy-plus";
import Download from "lucide-solid/icons/download";
import Eye from "lucide-solid/icons/eye";
import EyeOff from "lucide-solid/icons/eye-off";
import FilePen from "lucide-solid/icons/file-pen";
import Fold from "lucide-solid/icons/chevrons-down-up";
import House from "lucide-solid/icons/house";
import Keyboard from "lucide-solid/icons/keyboard";
import Network from "lucide-solid/icons/network";
import PaletteIcon from "lucide-solid/icons/command";
import Pencil from "lucide-solid/icons/pencil";
import Play from "lucide-solid/icons/play";
import Plus from "lucide-solid/icons/plus";
import Redo from "lucide-solid/icons/redo-2";
import Save from "lucide-solid/icons/save";
import Scissors from "lucide-solid/icons/scissors";
import Search from "lucide-solid/icons/search";
import Shapes from "lucide-solid/icons/shapes";
import ShieldCheck from "lucide-solid/icons/shield-check";
import Square from "lucide-solid/icons/square";
import SunMoon from "lucide-solid/icons/sun-moon";
import Trash from "lucide-solid/icons/trash";
import Undo from "lucide-solid/icons/undo-2";
import Unfold from "lucide-solid/icons/chevrons-up-down";
import type { ActionIcon } from "./action-icons";

const icons: { readonly [Name in ActionIcon]: (props: { class?: string }) => JSX.Element } = {
  "arrow-down": ArrowDown,
  "arrow-up": ArrowUp,
  "circle-alert": CircleAlert,
  clipboard: Clipboard,
  columns: Columns,
  copy: Copy,
  "copy-plus": CopyPlus,
  download: Download,
  eye: Eye,
  "eye-off": EyeOff,
  "file-pen": FilePen,
  fold: Fold,
  house: House,
  keyboard: Keyboard,
  network: Network,
  palette: PaletteIcon,
  pencil: Pencil,
  play: Play,
  plus: Plus,
  redo: Redo,
  save: Save,
  scissors: Scissors,
  search: Search,
  shapes: Shapes,
  "shield-check": ShieldCheck,
  square: Square,
  "sun-moon": SunMoon,
  trash: Trash,
  undo: Undo,
  unfold: Unfold,
};

/** The picture of an action; nothing for one without. */
export function actionIcon(icon: ActionIcon | null): ((props: { class?: string }) => JSX.Element) | undefined {
  return icon === null ? undefined : icons[icon];
}
