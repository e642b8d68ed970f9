"""The questionnaire as a page: one HTML file that loads nothing, and writes what the terminal writes."""

from __future__ import annotations

import json
from html import escape
from importlib import resources

from sim.experiments.questionnaire import DONT_KNOW, answers_text, head, lines_of, questions
from sim.words import text


def questionnaire_page(language: str) -> str:
    """Return the page; the text of answers is put together from pieces made here, so that no wording is made twice."""
    pieces = [
        {"name": each.name, "lines": {answer: lines_of(each, answer, language) for answer in each.ranges}}
        for each in questions()
    ]
    fields = []
    for place, question in enumerate(questions(), start=1):
        options = "".join(
            f'<label><input type="radio" name="{question.name}" value="{answer}"'
            f"{' checked' if answer == DONT_KNOW else ''}> {escape(question.option(answer, language))}</label>\n"
            for answer in question.ranges
        )
        legend = f"<legend>{place}. {escape(question.asked(language))}</legend>"
        anchor = f'<p class="note">{escape(text(language, f"ask.anchor.{question.anchor}"))}</p>'
        fields.append(f"<fieldset>\n{legend}\n{options}{anchor}\n</fieldset>")
    template = resources.files("sim.pages").joinpath("data", "questionnaire.html").read_text(encoding="utf-8")
    words = {
        "language": language,
        "title": text(language, "ask.page_title"),
        "intro": text(language, "ask.page_intro"),
        "result": text(language, "ask.page_result"),
        "copy": text(language, "ask.copy"),
        "copied": text(language, "ask.copied"),
        "download": text(language, "ask.download"),
        "use": text(language, "ask.page_use"),
        "answers": answers_text({}, language),
    }
    filled = template
    for name, word in words.items():
        filled = filled.replace(f"[[{name}]]", escape(word))
    data = json.dumps({"head": head(language), "questions": pieces}, ensure_ascii=False).replace("<", "\\u003c")
    return filled.replace("[[fields]]", "\n".join(fields)).replace("[[data]]", data)
