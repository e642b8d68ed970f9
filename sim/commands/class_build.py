"""``intranet-sim class build``: the page for a class, as a folder or as one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sim.commands.class_options import wishes_of, wishes_options
from sim.commands.options import start_language
from sim.commands.terminal import print_text
from sim.errors import InputError
from sim.texts import DEFAULT_LANGUAGE, in_language, number, said, text, typed

EDITIONS = ("auto", "browser", "recorded")  # as in sim.show.classroom.folder, which takes longer to import
MOST_LUCK = 40  # as in sim.show.page.arc
MEGABYTE, KILOBYTE = 1e6, 1e3


@click.command(name="build")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--single-file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write one HTML file that opens by double-click.",
)
@click.option(
    "--edition",
    "kind",
    type=click.Choice(EDITIONS),
    default=EDITIONS[0],
    show_default=True,
    help="With the model itself (browser), with recorded runs, or the first if its parts can be had.",
)
@click.option(
    "--pyodide",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Folder or npm archive of Pyodide's core (default: npm downloads it).",
)
@click.option(
    "--numpy",
    metavar="PATH|URL",
    help="NumPy wheel for it, or where it lies (default: downloaded from Pyodide's authors).",
)
@click.option(
    "--luck",
    type=click.IntRange(1, MOST_LUCK),
    default=MOST_LUCK,
    show_default=True,
    metavar="N",
    help="Luck numbers of which runs are recorded; fewer take less time.",
)
@wishes_options
@start_language(" (default: that of the reader)")
def command(
    *, folder: Path | None, file: Path | None, kind: str, pyodide: Path | None, numpy: str | None, luck: int,
    lang: str | None, **wanted: Any,
) -> None:  # fmt: skip
    """Write the page for a class into the folder DIR, for any web host, or into one file.

    Students open it on laptop or phone: nothing to install, no account, nothing loaded from elsewhere. The model
    runs in their browser; the rounds of the lesson are recorded now, which takes a minute or two, and are there at
    once. Where the parts of the model cannot be had, the page shows recorded runs alone.
    """
    from sim.show.classroom.folder import edition, refuse_foreign, refuse_foreign_file, single_file, write_folder
    from sim.study.files import written_whole

    if folder is None and file is None:
        raise InputError(said("refusal.class.nowhere"))
    if folder is not None:
        refuse_foreign(folder)
    if file is not None:
        if folder is not None and file.resolve().is_relative_to(folder.resolve()):
            raise InputError(said("refusal.class.inside", file=file, folder=folder))
        refuse_foreign_file(file)
    language = lang or DEFAULT_LANGUAGE
    wishes = wishes_of(**wanted)

    def tell_lacking(why: str) -> None:
        click.echo(text(language, "edition.build.lacking", why=in_language(why, language)), err=True)

    def tell_recorded(done: int, n: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == n else ""
            print(
                "\r" + text(language, "edition.build.recording", done=done, n=n), end=end, file=sys.stderr, flush=True
            )

    made = edition(kind, pyodide, numpy, lang, tell_lacking, wishes, luck, tell_recorded)
    print_text(text(language, f"edition.build.{made.kind}"))
    if folder is not None:
        write_folder(folder, made.files)
        size = _size(sum(map(len, made.files.values())), language)
        print_text(
            text(
                language,
                "edition.build.folder",
                folder=folder,
                command=typed("intranet-sim", "class", "serve", folder),
                n=len(made.files) + 1,
                size=size,
            )
        )
    if file is not None:
        content = single_file(made.files)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(file) as target:
                target.write(content)
        except OSError as error:
            raise InputError(said("refusal.place", place=file, reason=error.strerror)) from error
        print_text(text(language, "edition.build.file", file=file, size=_size(len(content), language)))


def _size(n_bytes: int, language: str) -> str:
    """Return a size in words."""
    if n_bytes >= MEGABYTE:
        return f"{number(n_bytes / MEGABYTE, 1, language)} MB"
    return f"{number(n_bytes / KILOBYTE, 0, language)} KB"
