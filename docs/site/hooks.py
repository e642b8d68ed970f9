"""What the site is made of besides the pages of ``docs``: notebooks, the commands, the names of the package.

MkDocs calls these functions while it builds (`make site`); nothing else imports this file.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

FETCHED = "https://unpkg.com/iframe-worker/shim"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that no file of ``docs`` holds."""
    from mkdocs.structure.files import File

    docs = Path(config["docs_dir"])
    made = {f"tutorials/{file.stem}.md": notebook_page(file) for file in sorted((docs / "tutorials").glob("*.ipynb"))}
    made["reference/commands.md"] = commands_page()
    made["reference/python.md"] = python_page()
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leave the text of links that lead out of ``docs``: a site has no folder above it."""
    folder = PurePosixPath(page.file.src_uri).parent
    there = {file.src_uri for file in files}

    def kept(match: re.Match[str]) -> str:
        sign, text, target = match.groups()
        path = target.partition("#")[0]
        if not path or "://" in target or target.startswith("mailto:"):
            return match[0]
        parts: list[str] = []
        for part in (folder / path).parts:
            if part == ".." and not parts:
                return text
            parts = parts[:-1] if part == ".." else [*parts, part]
        if path.endswith(".ipynb"):
            return f"[{text}]({target.replace('.ipynb', '.md')})"
        return match[0] if "/".join(parts) in there or sign else text

    pieces = []
    at = 0
    for fence in FENCE.finditer(markdown):  # what is code stays as it is
        pieces += [LINK.sub(kept, markdown[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*pieces, LINK.sub(kept, markdown[at:])])


def on_post_build(config: MkDocsConfig) -> None:
    """Put the one script that the theme would fetch beside the others."""
    site = Path(config["site_dir"])
    script = site / "assets" / "javascripts" / "iframe-worker.js"
    shutil.copy(Path(__file__).with_name("iframe-worker.js"), script)
    for file in site.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        if FETCHED in page:
            file.write_text(page.replace(FETCHED, os.path.relpath(script, file.parent)), encoding="utf-8")


def notebook_page(file: Path) -> str:
    """Return a notebook as a page: its words, its code, and what that printed."""
    parts = []
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
        for output in cell.get("outputs", ()):
            parts.append(f"```text\n{''.join(output['text']).rstrip()}\n```")
    return "\n\n".join([*parts, f"*As a notebook: `docs/tutorials/{file.name}`.*", ""])


def commands_page() -> str:
    """Return what each command says of itself under ``--help``."""
    import click

    from sim.cli.table import cli

    lines = ["# Commands", "Each as `intranet-sim COMMAND --help` prints it."]

    def told(command: click.Command, name: str, parent: click.Context | None, depth: int) -> None:
        context = click.Context(command, info_name=name, parent=parent, max_content_width=80, terminal_width=80)
        lines.append(f"{'#' * depth} {context.command_path}")
        lines.append(f"```text\n{command.get_help(context)}\n```")
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                found = command.get_command(context, each)
                if found is not None and not found.hidden:
                    told(found, each, context, depth + 1)

    told(cli, "intranet-sim", None, 2)
    return "\n\n".join([*lines, ""])


def python_page() -> str:
    """Return a page on which every public name is described by its docstring."""
    import sim

    homes: dict[str, Any] = {name: sim._HOMES.get(name, sim._HOME) for name in sim.__all__ if name != "__version__"}
    told = "::: {home}.{name}\n    options:\n      heading: sim.{name}\n      toc_label: sim.{name}"
    return "\n\n".join(["# Python", *(told.format(home=homes[name], name=name) for name in sorted(homes)), ""])
