"""Keys of ``platform``: what the product lets people do."""

from __future__ import annotations

from sim.scenario.registry import Parameter

PLATFORM: tuple[Parameter, ...] = (
    Parameter(
        path="platform.following",
        default="open",
        kind="choice",
        low=None,
        high=None,
        unit="mode",
        meaning="Whether one may follow anyone, or only colleagues who approved a contact request.",
        source="claim 4.1: permission-based networks differ from open following; assumption: open, as in most products",
        group="network",
        choices=("open", "approval"),
        is_lever=True,
    ),
    Parameter(
        path="platform.integration",
        default=0.3,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of daily tools",
        meaning="How far the platform is built into the documents, workflows and tools of daily work.",
        source="claims 3.6 and 4.7; assumption: a link from some tools, as a product comes out of the box",
        group="network",
        plausible=(0.0, 0.8),
        is_lever=True,
    ),
    Parameter(
        path="platform.communities",
        default=20,
        kind="int",
        low=1,
        high=500,
        unit="topics",
        meaning="Number of topic communities on the platform.",
        source="Capgemini Yammer had 800 active groups for 30,000 members (T4.04), about 27 per 1,000",
        group="network",
        plausible=(5, 60),
        is_lever=True,
    ),
    Parameter(
        path="platform.feed_length",
        default=20,
        kind="int",
        low=1,
        high=200,
        unit="items",
        meaning="Number of newest items that a feed holds, and that can be seen of a community.",
        source="assumption: one screen with some scrolling; Ren & Kraut 2014 find little benefit beyond 40 a day",
        group="network",
        plausible=(10, 40),
        is_lever=True,
    ),
)
