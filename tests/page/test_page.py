"""The page in headless Chromium: what a lecturer does, what a keyboard does, what a stranger's file does.

Needs node, Chromium and ``npm ci --prefix tests/page``; the engine in the browser also ``python tests/page/parts.py``.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import parts
import pytest
from app import App, running_app
from scipy.stats import binomtest
from serving import PYODIDE_FILES, server
from time_limits import BROWSER_SECONDS
from tools import PAGE, chromium, node_for_building

from sim.model.simulation import Simulation
from sim.scenario import load_scenario
from sim.web.answer import answer
from sim.web.answer.answering import fingerprint
from sim.web.classroom.parts import core_archive
from sim.web.page.files import BUILT, SECURITY_POLICY, browser_engine, page_files
from sim.words import percent, text

pytestmark = pytest.mark.slow

STRANGE = "<script>window.stolen=1</script><img src=x onerror=stolen=2>"
TOWN_HALL = parts.HERE.parents[1] / "docs" / "class" / "town-hall"
STRANGE_FILE = f"""\
name: "{STRANGE}"
extends: strict-rules
organization: {{employees: 150, trust: 0.4}}
launch:
  framing: {{social: 0.5, collaboration: 0.25, broadcast: 0.25}}
  waves: {{pilot: [0, 1], every_weeks: 2}}
run: {{weeks: 10}}
changes:
  - {{week: 5, set: {{rules.restriction: 0.1}}}}
"""


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    chromium()
    with running_app() as started:
        yield started


def visit(address: str, step: str, folder: Path, *given: str) -> dict[str, Any]:
    """Return what was seen in one visit; no errors, no other host."""
    command = ["node", str(parts.HERE / "visit.mjs"), address, chromium(), str(folder), step, *given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["elsewhere"] == []
    assert seen["errors"] == []
    return seen


def test_the_page_says_that_the_program_has_stopped_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    chromium()
    seen: list[dict[str, Any]] = []
    with running_app() as app:
        visiting = threading.Thread(target=lambda: seen.append(visit(app.address, "gone", tmp_path)))
        visiting.start()
        wait_for(tmp_path / "run", visiting)
        app.process.kill()
    wait_for(tmp_path / "told", visiting)
    with running_app("--port", app.host.split(":")[1]):
        visiting.join(BROWSER_SECONDS)
    (found,) = seen
    assert found["message"].startswith("The program on this computer has stopped.")
    assert f"--port {app.host.split(':')[1]}" in found["message"]
    assert found["dutch"].startswith("Het programma op deze computer is gestopt.")
    assert found["status"] == "The program on this computer has stopped."
    assert found["hidden"] is True
    assert found["again"] == found["hashes"]
    assert found["violations"] == []
    assert found["noise"] == []


def wait_for(file: Path, visiting: threading.Thread) -> None:
    """Wait until a visit has come so far as to write a file."""
    end = time.monotonic() + BROWSER_SECONDS
    while not file.exists():
        assert visiting.is_alive()
        assert time.monotonic() < end
        time.sleep(0.05)


def hashes(shown: str) -> list[str]:
    """Return the beginnings of the two hashes as the page shows them."""
    return [part.split()[1] for part in shown.split(" · ")]


def hash_of(scenario: str, seeds: list[int], **overrides: Any) -> str:
    """Return the beginning of the hash that the engine gives here."""
    given = {"organization.employees": 500, **{key.replace("__", "."): value for key, value in overrides.items()}}
    return str(answer({"scenario": scenario, "overrides": given, "seeds": seeds})["hash"])[:16]


def hash_of_resolved(resolved: dict[str, Any], seed: int) -> str:
    """Return the same of a file that was loaded here."""
    simulation = Simulation(resolved, seed)
    simulation.run()
    return fingerprint(resolved, [seed], [simulation.series])[:16]


def verdict_of(a: str, b: str, seeds: list[int], language: str) -> str:
    """Return what the page has to say of the monthly posters of two launches, worked out here from the same runs."""
    asked = [{"scenario": name, "overrides": {"organization.employees": 500}, "seeds": seeds} for name in (a, b)]
    one, other = (list(answer(request)["outcomes"]["monthly_posters"]) for request in asked)
    means = [percent(sum(values) / len(values), 1, language) for values in (one, other)]
    label = text(language, "outcome.label.monthly_posters")
    name, n = label[:1].upper() + label[1:], len(seeds)
    said = [text(language, "page.result.last_weeks", outcome=name, a=means[0], b=means[1], n=n)]
    wins = [sum(x > y for x, y in zip(*pair, strict=True)) for pair in ((one, other), (other, one))]
    ties = n - sum(wins)
    same = [text(language, "page.result.ties", n=ties)] if ties else []
    if wins[0] == wins[1]:
        return " ".join([*said, text(language, "page.result.even"), *same])
    launch = text(language, f"page.launch.{'a' if wins[0] > wins[1] else 'b'}")
    more = text(language, "outcome.more.monthly_posters")
    said.append(text(language, "page.result.ahead", launch=launch, more=more, wins=max(wins), n=n))
    said += same
    is_clear = binomtest(max(wins), sum(wins)).pvalue <= 0.05
    return " ".join([*said, text(language, "page.result.sure" if is_clear else "page.result.luck")])


def test_a_lecture(app: App, tmp_path: Path) -> None:
    seen = visit(app.address, "show", tmp_path)
    seeds = list(range(1, 11))
    assert hashes(seen["hashes"]) == [hash_of("like-facebook", seeds), hash_of("collaboration", seeds)]
    assert seen["bands"] == 4  # of both launches, up to the week and after it
    assert seen["verdict"] == verdict_of("like-facebook", "collaboration", seeds, "en")
    assert seen["moved_to"] is None or seen["moved_to"] > 0
    assert seen["stays"]
    assert (seen["one_on"], seen["reset_to"]) == (1, 0)
    assert seen["clicked"].startswith("Employee ")
    assert seen["reasons"] > 5
    assert seen["in_week"] == text("en", "page.numbers_in_week", week=20)
    assert seen["dutch"][0] == text("nl", "page.title")
    assert seen["dutch"][1] == verdict_of("like-facebook", "collaboration", seeds, "nl")
    assert seen["dutch"][2] == "nl"
    assert seen["settings"] > 80
    assert seen["wider_than_screen"] <= 0
    for moment in ("before", "after", "dark", "phone"):
        assert seen[moment] == [], f"{moment}: what axe-core calls serious"
    print(f"opened in {seen['opened_seconds']:.1f} s, {seen['weeks_a_second']:.0f} weeks/s at 500 employees")


def test_a_keyboard_is_enough(app: App, tmp_path: Path) -> None:
    seen = visit(app.address, "keyboard", tmp_path)
    assert seen["first"] == "skip"
    assert seen["scenario"] == "strict-rules"
    assert seen["outline"] == "solid"
    assert seen["week"] == 12
    assert seen["moves"]
    assert seen["reasons"].count("Luck") >= 2


def test_files_come_and_go_and_stay_text(app: App, tmp_path: Path) -> None:
    given = tmp_path / "strange.yaml"
    given.write_text(STRANGE_FILE, encoding="utf-8")
    seen = visit(app.address, "files", tmp_path, f"{given}|{TOWN_HALL}")
    assert "strange.yaml" in seen["message"]
    assert seen["name"] == STRANGE
    assert seen["scripts"] == [1, 0, 0]  # the page's own; no picture; nothing ran
    first, second = hashes(seen["hashes"])
    assert hashes(seen["again"]) == [first, first]
    assert first != second
    saved = load_scenario(tmp_path / "saved.yaml").resolved()
    assert saved["organization"]["trust"] == 0.4
    assert saved["launch"]["waves"] == {"pilot": [0, 1], "every_weeks": 2}
    assert saved["changes"] == [{"week": 5, "set": {"rules.restriction": 0.1}}]
    ours = STRANGE_FILE.replace(STRANGE, "strange")
    given.write_text(ours, encoding="utf-8")
    loaded = load_scenario(given).resolved()
    words = ("name", "description")
    assert {key: saved[key] for key in saved if key not in words} == {
        key: loaded[key] for key in loaded if key not in words
    }
    assert "nowhere.yaml" in seen["unknown_parent"]
    assert "at most 20,000" in seen["refused"]["large"]
    for part in ("rules.restriction: must be a number from 0 to 1, is 7", "rulez: unknown key", "was not opened"):
        assert part in seen["refused"]["wrong"]
    assert seen["untouched"]
    assert "Trained beforehand" in seen["plans"]
    plans = [load_scenario(TOWN_HALL / f"{name}.yaml").resolved() for name in ("leaders", "training")]
    assert hashes(seen["planned"]) == [hash_of_resolved(plan, 1) for plan in plans]


def test_two_sessions_do_not_mix(app: App, tmp_path: Path) -> None:
    one, other = visit(app.address, "sessions", tmp_path)["hashes"]
    assert hashes(one) == [hash_of(name, list(range(5, 15))) for name in ("like-facebook", "collaboration")]
    assert hashes(other) == [hash_of(name, list(range(9, 19))) for name in ("strict-rules", "collaboration")]


def test_the_browser_computes_the_same(tmp_path: Path) -> None:
    chromium(with_numpy=True)
    wheel = parts.numpy_wheel()
    engine = browser_engine("pyodide/", wheel.name, "core.zip")
    files = {f"/{name}": content for name, content in page_files([engine], {"employees": 80, "runs": 1}).items()}
    files |= {"/": files["/index.html"], f"/{wheel.name}": wheel.read_bytes(), "/core.zip": core_archive()}
    files |= {f"/pyodide/{name}": (parts.PYODIDE / name).read_bytes() for name in PYODIDE_FILES}
    with server(files, {"Content-Security-Policy": SECURITY_POLICY}) as address:
        seen = visit(address, "browser_engine", tmp_path)
    assert seen["engine"] == text("en", "page.engine.browser")
    size = {"organization__employees": 80, "run__weeks": 6}
    expected = [hash_of(name, [1], **size) for name in ("like-facebook", "collaboration")]
    assert hashes(seen["hashes"]) == hashes(seen["again"]) == expected
    assert "Luck" in seen["reasons"]
    print(f"ready after {seen['opened_seconds']:.1f} s, both launches in {seen['seconds']:.1f} s")


def test_the_page_is_what_its_source_builds(tmp_path: Path) -> None:
    command = [node_for_building(), str(PAGE / "build.mjs"), str(tmp_path / "built")]
    subprocess.run(command, check=True, capture_output=True, timeout=BROWSER_SECONDS)
    built = {file.name: file.read_bytes() for file in (tmp_path / "built").iterdir()}
    assert set(built) == set(BUILT)
    stale = [name for name, content in built.items() if (PAGE / "dist" / name).read_bytes() != content]
    assert stale == [], "npm run build --prefix sim/web/page"


def test_the_lock_files_name_no_host() -> None:
    for folder in (PAGE, parts.HERE):
        lock = (folder / "package-lock.json").read_text(encoding="utf-8")
        assert "resolved" not in lock
        assert "://" not in lock.replace("https://github.com/sponsors", "").replace("https://opencollective.com", "")


def test_the_page_says_the_same_policy_as_the_server() -> None:
    assert f'content="{SECURITY_POLICY}"' in (PAGE / "src" / "index.html").read_text(encoding="utf-8")
