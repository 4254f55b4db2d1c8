import { expect, test } from "vitest";
import { command } from "./helpers/run-command.ts";

const options = {
  serve: ["port", "workspace", "no-build"],
  run: ["set", "cell", "rows", "json", "workspace", "budget", "yes", "batch", "cancel-batch", "agree", "baseline"],
  test: ["set", "cell", "rows", "json", "workspace", "budget", "yes", "batch", "cancel-batch", "agree", "baseline"],
  baseline: ["set", "cell", "json", "workspace"],
  fmt: ["check"],
  models: ["agree", "workspace"],
};

test.for(Object.entries(options))(
  "%s --help and -h print its usage, a line an option, and its exit codes",
  async ([name, names]) => {
    const end = await command(name, "--help");
    expect(end).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(new RegExp(`^sheaf ${name} .*\n\n`)),
    });
    const lines = end.stdout.split("\n").flatMap((line) => /^ {2}--([\w-]+) .*\w/.exec(line)?.[1] ?? []);
    expect(lines).toEqual(names);
    expect(end.stdout).toMatch(/^Exit code 0: /m);
    expect(await command(name, "no-such-file.md", "-h")).toEqual(end);
  },
);
