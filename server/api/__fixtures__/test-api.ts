import { openPublishing, type Publishing } from "../../publish/publishing.ts";
import { testWorkspace, type TestWorkspace } from "../../runner/__fixtures__/test-workspace.ts";
import type { RuntimeSettings } from "../../runner/runtime.ts";
import { openWorkspaceNotebooks, type WorkspaceNotebooks } from "../../workbench/workspace-notebooks.ts";
import { appRouter } from "../router.ts";

/** A workspace with its notebooks and what a page can ask of them. */
export interface TestApi extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly notebooks: WorkspaceNotebooks;
  readonly publishing: Publishing;
  readonly caller: ReturnType<typeof appRouter.createCaller>;
  /** Closes everything and opens it again, as after a restart. */
  restart(): Promise<void>;
}

const examples = "public/examples";

export async function testApi(settings: Partial<RuntimeSettings> = {}): Promise<TestApi> {
  const workspace = await testWorkspace(settings);
  const open = async (): Promise<Pick<TestApi, "notebooks" | "publishing" | "caller">> => {
    const { runtime } = workspace;
    const notebooks = await openWorkspaceNotebooks({ runtime, examples, firstSequence: 1 });
    const publishing = openPublishing({ runtime });
    return { notebooks, publishing, caller: appRouter.createCaller({ runtime, notebooks, examples, publishing }) };
  };
  let opened = await open();
  return {
    workspace,
    get notebooks() {
      return opened.notebooks;
    },
    get publishing() {
      return opened.publishing;
    },
    get caller() {
      return opened.caller;
    },
    async restart() {
      await opened.notebooks.close();
      await workspace.restart();
      opened = await open();
    },
    async [Symbol.asyncDispose]() {
      await opened.notebooks.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
