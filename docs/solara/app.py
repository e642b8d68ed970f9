"""The simulation in Mesa's SolaraViz, for those who know it: ``solara run docs/solara/app.py``; see README.md there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import solara
from matplotlib.axes import Axes
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

sys.path.insert(0, str(Path(__file__).resolve().parent))
from launch_model import DAYS_A_WEEK, LAUNCHES, LaunchModel, network_figure

CONTROLS = {
    "launch": {"type": "Select", "value": LAUNCHES[0], "values": list(LAUNCHES), "label": "Launch"},
    "employees": Slider("Employees", 300, 50, 1000, 50),
    "trust": Slider("Trust", 0.6, 0.0, 1.0, 0.1),
    "seed": Slider("Luck (seed)", 1, 1, 20, 1),
}

CURVES = {"read this week": "#004488", "posted this week": "#C85200"}


def label_axes(axes: Axes) -> None:
    """Say what the curves count; Mesa names the other axis."""
    axes.set_ylabel("share of staff")
    axes.set_ylim(bottom=0)


@solara.component
def Network(model: LaunchModel) -> None:  # noqa: N802  Solara's components are written like this
    """The staff, drawn again after each step."""
    update_counter.get()
    solara.FigureMatplotlib(network_figure(model), format="png")


@solara.component
def Page() -> None:  # noqa: N802
    """The page of one visitor, with a model of its own: a model of the module would be shared by all."""
    model = solara.use_reactive(solara.use_memo(LaunchModel, []))

    def leaving() -> Callable[[], None]:
        def leave() -> None:
            model.value.is_left = True

        return leave

    solara.use_effect(leaving, [])
    SolaraViz(
        model,
        components=[
            Network,
            make_plot_component(CURVES, post_process=label_axes, backend="matplotlib"),
        ],
        model_params=CONTROLS,
        render_interval=DAYS_A_WEEK,
        name="A social intranet: launch it and see",
    )
