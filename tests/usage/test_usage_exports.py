"""Usage exports as vendors write them: what is made of each, and what is said of damaged ones."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.exports.examples import LAUNCH, USAGE_DIALECTS, example_usage
from sim.exports.usage import EVER, MONTH, WEEK, Usage, in_weeks, read_usage
from sim.exports.usage.reading import usage_in

GRAPH = (
    "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date,"
    "Posted Count,Read Count,Liked Count,Assigned Products,Report Period\n"
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file and returns its path."""

    def written(content: str | bytes, name: str = "usage.csv") -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return written


def values(usage: Usage, name: str, span: str = WEEK) -> dict[int, float]:
    """Return one figure by week."""
    return {one.week: one.value for one in usage.figures if (one.name, one.span) == (name, span)}


def refusals(content: str | bytes, name: str = "usage.csv") -> list[str]:
    """Return what is said of a damaged file."""
    with pytest.raises(InputError) as caught:
        usage_in(content.encode() if isinstance(content, str) else content, name)
    return str(caught.value).splitlines()


def people(rows: Sequence[str], end: str = "2025-02-08", period: str = "7") -> str:
    """Return a report on people; rows are ``who,last,posted,read,liked``."""
    lines = [GRAPH]
    for row in rows:
        who, last, posted, read, liked = row.split(",")
        lines.append(f"{end},{who},{who.upper()},Active,,{last},{posted},{read},{liked},E3,{period}\n")
    return "".join(lines)


def test_three_dialects_tell_of_the_same_weeks(write: Write) -> None:
    found = []
    for dialect in USAGE_DIALECTS:
        file = write(example_usage(300, dialect, n_weeks=5), f"{dialect}.csv")
        found.append(in_weeks([read_usage(file)]))
    graph, slack, plain = found
    assert graph.launch == slack.launch == LAUNCH
    assert plain.launch is None
    for name in ("readers", "posters", "active"):
        assert list(values(graph, name)) == [1, 2, 3, 4, 5]
        assert values(graph, name) == values(slack, name) == values(plain, name)
    assert values(graph, "posts") == values(plain, "posts")
    # Only who can be known from day to day can be counted over a month.
    assert values(graph, "readers", MONTH) == {}
    assert values(slack, "readers", MONTH)[1] == values(slack, "readers")[1]
    assert values(slack, "readers", MONTH)[5] > values(slack, "readers")[5]


def test_people_are_counted_once_whatever_they_did(write: Write) -> None:
    rows = ["a@x.nl,2025-02-05,2,9,0", "b@x.nl,2025-02-06,0,3,1", "c@x.nl,,0,0,0", "d@x.nl,2025-01-02,,,"]
    usage = in_weeks([read_usage(write(people(rows)))], datetime.date(2025, 2, 2))
    assert values(usage, "readers") == {1: 2.0}
    assert values(usage, "posters") == {1: 1.0}
    assert values(usage, "active") == {1: 2.0}
    assert values(usage, "posts") == {1: 2.0}


def test_a_report_on_thirty_days_is_about_a_month_and_a_long_one_about_all_time_or_nothing(write: Write) -> None:
    rows = ["a@x.nl,2025-02-05,2,9,0"]
    launch = datetime.date(2025, 2, 2)
    month = in_weeks([read_usage(write(people(rows, "2025-03-01", "30")))], launch)
    assert values(month, "readers", MONTH) == {4: 1.0}
    assert values(month, "posts") == {}
    quarter = in_weeks([read_usage(write(people(rows, "2025-03-01", "90")))], launch)
    assert values(quarter, "readers", EVER) == {4: 1.0}
    late = read_usage(write(people(rows, "2025-09-06", "90"), "late.csv"))
    with pytest.raises(InputError, match=r"late\.csv: nothing in these files"):
        in_weeks([late], launch)


def test_the_admin_center_spells_it_otherwise_and_a_spreadsheet_shifts_it(write: Write) -> None:
    text = (
        "Viva Engage activity\r\n\r\nReport Refresh Date;Username;Display name;Last activity date (UTC);"
        "Posted (messages);Read (messages);Liked (messages);"
        "Report Period\r\n08-02-2025;a@x.nl;A;05-02-2025;1;4;0;7 days\r\n"
        "08-02-2025;b@x.nl;B;;0;0;0;7 days\r\n"
    )
    usage = in_weeks([read_usage(write(text.encode("utf-16")))])
    assert values(usage, "readers") == {1: 1.0}
    assert usage.launch == datetime.date(2025, 2, 2)
    assert any("week 1 is taken to begin on 2025-02-02" in note for note in usage.notes)


def test_concealed_names_are_counted_and_said_so(write: Write) -> None:
    rows = [f"{number:032X},2025-02-05,0,1,0" for number in range(7)]
    usage = in_weeks([read_usage(write(people(rows)))])
    assert values(usage, "readers") == {1: 7.0}
    assert any("names are concealed" in note for note in usage.notes)


def test_share_point_counts_who_visited(write: Write) -> None:
    text = (
        "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,"
        "Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared Externally File Count,"
        "Visited Page Count,Assigned Products,Report Period\n"
        "2025-02-08,a@x.nl,False,,2025-02-03,0,0,0,0,4,E3,7\n2025-02-08,b@x.nl,False,,2025-02-03,5,0,0,0,0,E3,7\n"
    )
    usage = in_weeks([read_usage(write(text))])
    assert usage.kinds == ("pages",)
    assert values(usage, "readers") == {1: 1.0}


def test_daily_totals_of_people_are_bounded_and_those_of_posts_add_up(write: Write) -> None:
    header = "Report Refresh Date,Liked,Posted,Read,Report Date,Report Period\n"
    rows = "".join(f"2025-02-08,1,2,{10 + day},2025-02-{2 + day:02d},7\n" for day in range(7))
    of_people = in_weeks([read_usage(write(header + rows, "YammerActivityUserCounts.csv"))])
    readers = values(of_people, "readers")[1]
    assert 16 < readers < sum(range(10, 17))
    assert next(one.slack for one in of_people.figures if one.name == "readers") > 0.3
    of_posts = in_weeks([read_usage(write(header + rows, "YammerActivityCounts.csv"))])
    assert values(of_posts, "posts") == {1: 14.0}
    assert values(of_posts, "posters") == {}
    assert "have UserCounts (people) or ActivityCounts (posts)" in refusals(header + rows, "report.csv")[0]


def test_groups_members_and_mattermost(write: Write) -> None:
    groups = (
        "Report Refresh Date,Group Display Name,Is Deleted,Owner Principal Name,Last Activity Date,Group Type,"
        "Office 365 Connected,Member Count,Posted Count,Read Count,Liked Count,Report Period\n"
        "2025-02-08,All,False,o@x.nl,2025-02-05,public,True,90,6,50,4,7\n"
        "2025-02-08,IT,False,o@x.nl,2025-02-05,public,True,9,5,50,4,7\n"
    )
    assert values(in_weeks([read_usage(write(groups))]), "posts") == {1: 11.0}
    joined = "id,name,email,job_title,joined_at,state\n" + "".join(
        f"{day},N,n{day}@x.nl,,2025/02/{2 + day:02d} 10:00:00 +0000,active\n" for day in range(14)
    )
    assert values(in_weeks([read_usage(write(joined, "Users.csv"))]), "members", EVER) == {1: 7.0, 2: 14.0}
    days = json.dumps([{"name": f"2025-02-{2 + day:02d}", "value": 3} for day in range(7)])
    assert values(in_weeks([read_usage(write(days, "post_counts_day.json"))]), "posts") == {1: 21.0}
    by_people = in_weeks([read_usage(write(days, "user_counts_with_posts_day.json"))])
    assert 3 < values(by_people, "posters")[1] < 21


def slack(day: str, who: str = "W1", **others: object) -> str:
    """Return one line of Slack's member analytics."""
    counts = {"is_active": True, "messages_posted_count": 0, "reactions_added_count": 0}
    return json.dumps({"date": day, "user_id": who, **counts, **others}) + "\n"


def test_slack_may_be_one_packed_file_a_day_and_guests_are_left_out(write: Write) -> None:
    files = []
    for day in range(5):
        text = slack(f"2025-02-{2 + day:02d}", "W1", messages_posted_count=day) + slack(
            f"2025-02-{2 + day:02d}", f"W{5 + day}"
        )
        text += slack(f"2025-02-{2 + day:02d}", "G9", is_guest=True)
        files.append(read_usage(write(gzip.compress(text.encode()), f"{day}.json.gz")))
    usage = in_weeks(files)
    assert values(usage, "readers") == {1: 6.0}
    assert values(usage, "posters") == {1: 1.0}
    assert sum("guests" in note for note in usage.notes) == 5


def test_weeks_that_are_not_there_are_missing_and_not_zero(write: Write) -> None:
    plain = in_weeks([read_usage(write("week,readers,posters\n1,100,4\n2,,5\n4,120,n.v.t.\n"))])
    assert values(plain, "readers") == {1: 100.0, 4: 120.0}
    assert values(plain, "posters") == {1: 4.0, 2: 5.0}
    days = "".join(slack(f"2025-02-{day:02d}") for day in (2, 3, 4, 5, 6, 9, 10, 16, 17, 18, 19, 20))
    usage = in_weeks([read_usage(write(days, "slack.jsonl"))])
    assert values(usage, "readers") == {1: 1.0, 3: 1.0}
    assert any("week 2 is left out" in note for note in usage.notes)
    assert values(usage, "readers", MONTH) == {1: 1.0}


def test_departments_are_added_where_all_are_there_and_shares_are_shares(write: Write) -> None:
    rows = "week,afdeling,lezers\n1,Zorg,10\n1,IT,5\n2,Zorg,12\n3,Zorg,9\n3,IT,\n4,totaal,30\n4,IT,7\n"
    usage = in_weeks([read_usage(write(rows))])
    assert values(usage, "readers") == {1: 15.0, 4: 30.0}
    assert any("week 2, 3" in note for note in usage.notes)
    shares = in_weeks([read_usage(write("week;readers;posts\n1;12,5%;3\n2;14%;4\n"))])
    assert [(one.value, one.is_share) for one in shares.figures if one.name == "readers"] == [
        (0.125, True),
        (0.14, True),
    ]


def test_files_may_overlap_where_they_agree(write: Write) -> None:
    one, same = write("week,readers\n1,100\n2,90\n"), write("week,readers\n2,90\n3,80\n", "more.csv")
    assert values(in_weeks([read_usage(one), read_usage(same)]), "readers") == {1: 100, 2: 90, 3: 80}
    other = write("week,readers\n2,91\n", "other.csv")
    with pytest.raises(
        InputError, match=r"other\.csv:2:readers: readers of week 2 is another number than in usage\.csv:3"
    ):
        in_weeks([read_usage(one), read_usage(other)])


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("", "usage.csv", "usage.csv: empty"),
        ("a,b\n1,2\n", "usage.csv", "usage.csv:1: no column of a usage export"),
        ("week,readers\n", "usage.csv", "usage.csv:1: no rows"),
        ("week,department\n1,IT\n", "usage.csv", "usage.csv:1: nothing is counted"),
        ("week,readers\n1,many\n2,5\n", "usage.csv", "usage.csv:2:readers: a text is not a count"),
        ("week,readers\n1,-3\n2,5\n", "usage.csv", "usage.csv:2:readers: '-3' is not a count"),
        ("week,readers\n1,2.5\n2,5\n", "usage.csv", "usage.csv:2:readers: '2.5' is not a count"),
        ("week,readers\n0,5\n1,6\n", "usage.csv", "usage.csv:2:week: '0' is not a week"),
        ("week,readers\n2025-W05,5\n1,6\n", "usage.csv", "usage.csv:2:week: a text is not a week"),
        ("week,readers\n,5\n1,6\n", "usage.csv", "usage.csv:2:week: empty"),
        ("week,readers\n1,5\n1,6\n", "usage.csv", "usage.csv:3:week: the same week"),
        ("week,readers,lezers\n1,5,6\n", "usage.csv", "usage.csv:1:lezers: column given twice"),
        ("week,readers\n1,5,6\n", "usage.csv", "usage.csv:2: 3 cells, must be 2"),
        ("week,readers\n1,140%\n2,5%\n", "usage.csv", "usage.csv:2:readers: '140%' is out of range"),
        ("week,department,readers\n1,A,50%\n1,B,20%\n", "usage.csv", "usage.csv:2:readers: shares of departments"),
        ('week,readers\n1,"5\n', "usage.csv", "usage.csv:2: cannot be split"),
        (people(["a,,x,1,1", "b,,0,0,0"]), "usage.csv", "usage.csv:2:Posted Count: a text is not a count"),
        (people(["a,2025-02-05,,1,1", "b,,0,0,0"]), "usage.csv", "usage.csv:2:Posted Count: empty, but"),
        (people(["a,,1,1,1", "a,,0,0,0"]), "usage.csv", "usage.csv:3:User Principal Name: the same person as in row 2"),
        (people(["a,,1,1,1"], end="2025-02-30"), "usage.csv", "usage.csv:2:Report Refresh Date: "),
        (people(["a,,1,1,1"], end="2125-02-20"), "usage.csv", "usage.csv:2:Report Refresh Date: '2125-02-20' is"),
        (people(["a,,1,1,1"], period="365"), "usage.csv", "usage.csv:2:Report Period: '365' is not a period"),
        ("User Principal Name,Read Count\na,1\n", "usage.csv", "usage.csv:1: must have the column Report Period"),
        ("id,joined_at\n1,\n", "Users.csv", "Users.csv:1:joined_at: nobody has joined"),
        ("id,joined_at\n1,soon\n2,2025-02-02\n", "Users.csv", "Users.csv:2:joined_at: a text is not a day"),
        ("date,posts\n2025-02-02,1\n2025-02-02,1\n", "usage.csv", "usage.csv:3:date: the same day as in row 2"),
        ('{"date": \n', "s.jsonl", "s.jsonl:1: cannot be read as JSON"),
        ('{"a": 1}\n', "s.jsonl", "s.jsonl:1: JSON of a kind that is not known, with the keys a"),
        (slack("2025-02-02") + slack("2025-02-02"), "s.jsonl", "s.jsonl:2:user_id: the same person as in row 1"),
        (slack("someday"), "s.jsonl", "s.jsonl:1:date: must be a day"),
        (slack("2025-02-02", is_active="yes"), "s.jsonl", "s.jsonl:1:is_active: must be true or false"),
        (slack("2025-02-02", messages_posted_count=-1), "s.jsonl", "s.jsonl:1:messages_posted_count: must be a whole"),
        (json.dumps({"date": "2025-02-02", "user_id": 7}), "s.jsonl", "s.jsonl:1:user_id: must be the id"),
        ('[{"name": "2025-02-02", "value": 1}]', "days.json", "days.json:1: Mattermost's counts"),
        ('[{"name": "2025-02-02", "value": -1}]', "post_counts.json", "post_counts.json:1:value: must be a whole"),
        (b"\x1f\x8bnot packed", "s.json.gz", "s.json.gz: the packed file is damaged"),
        (b'{"date": "\xff"}', "s.jsonl", "s.jsonl:1: not UTF-8"),
    ],
)  # fmt: skip
def test_damaged_files_are_refused_by_row_and_column(content: str | bytes, name: str, expected: str) -> None:
    assert refusals(content, name)[0].startswith(expected)


def test_all_mistakes_are_told_at_once_and_one_that_is_everywhere_once() -> None:
    assert len(refusals("week,readers,posters\n1,x,2\n2,3,y\nz,1,1\n")) == 3
    (only,) = refusals("week,readers\n1,x\n2,y\n3,z\n")
    assert only.startswith("usage.csv:1:readers: in all 3 filled rows the same is wrong")


def test_nothing_of_a_person_stays(write: Write) -> None:
    secret = "anna.secret@firm.example"
    file = write(people([f"{secret},2025-02-05,1,1,0", "b@x.nl,,0,0,0"]))
    found = read_usage(file)
    log = read_usage(write(slack("2025-02-02", secret, email_address=secret), "s.jsonl"))
    wrong = refusals(people([f"{secret},2025-02-05,1,1,0", f"{secret},,0,0,0", "c,,x,0,0"]))
    for told in (repr(found), repr(in_weeks([found])), repr(log), "\n".join(wrong)):
        assert "secret" not in told.lower()
        assert str(file.parent) not in told


def test_a_file_that_cannot_be_read_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_usage(tmp_path / "gone.csv")
    assert str(caught.value).startswith("gone.csv: cannot read the usage file")
    assert str(tmp_path) not in str(caught.value)
