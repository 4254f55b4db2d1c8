import { problemOf } from "../api";
import { toasts } from "../ui/toasts";

/** Does something; what goes wrong is told in a toast, and gives false. */
export async function told(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    toasts.problem(problemOf(thrown));
    return false;
  }
}
