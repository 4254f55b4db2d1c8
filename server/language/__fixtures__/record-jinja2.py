"""Records what Python's Jinja2 makes of the corpus. Needs: pip install jinja2. See write-corpus.ts."""

import copy
import json
import pathlib

import jinja2

folder = pathlib.Path(__file__).parent
corpus = json.loads((folder / "corpus.json").read_text())
environment = jinja2.Environment(
    trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined
)


def render(source):
    try:
        return {"source": source, "text": environment.from_string(source).render(copy.deepcopy(corpus["world"]))}
    except Exception as error:  # whatever it is, it is the answer
        return {"source": source, "error": f"{type(error).__name__}: {error}"}


results = [render(source) for source in corpus["templates"]]
recorded = {"jinja2": jinja2.__version__, "world": corpus["world"], "results": results}
(folder / "jinja2-results.json").write_text(json.dumps(recorded, indent=1) + "\n")
(folder / "corpus.json").unlink()
