import ShieldQuestion from "lucide-solid/icons/shield-question-mark";
import { useHands } from "./use-hands";
import "./trust-bar.css";

/** Says of a notebook from elsewhere that it runs nothing yet. */
export function TrustBar() {
  const { act } = useHands();
  return (
    <div class="page-bar" role="region" aria-label="Trust">
      <ShieldQuestion />
      <div>
        <strong>This notebook came from outside and runs nothing yet.</strong> Look through it first: its code and SQL
        run in processes of their own, its prompts spend your money when you run them.
      </div>
      <button type="button" class="button primary" onClick={() => act("notebook.trust")}>
        Trust this notebook
      </button>
    </div>
  );
}
