"""The kinds of claims, one entry each: what a claim of the kind needs, what it bears on, and how it enters a model.

Claims, coders' records, rules, pathways and reports ask here. A model says in its ``claim_kinds`` which of them it reads, and
`forecasting.elicitation.quantify` has a function for each that is a number of its own (``read``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

KindName = Literal["judgement", "fact", "effect", "driver", "quantity"]
TargetField = Literal["event", "effect", "driver"]
OCCURS, RAISES = ("occurs", "does-not-occur"), ("raises", "lowers")


@dataclass(frozen=True)
class ClaimKind:
    """One kind of claims.

    Parameters
    ----------
    name : str
        What ``Claim.kind`` says.
    needs : tuple of str
        Fields without which a claim of the kind has no number.
    target : {"event", "effect", "driver"}, optional
        What it bears on, and so which field of `Target` it must have; None if it enters only where an effect cites it.
    directions : (str, str)
        What ``direction`` may be.
    read : bool
        Whether it is a number of its own, read by `forecasting.elicitation.quantify.read_claim`.
    conditional : bool
        Whether it may be made under conditions (``target.given``).
    weighed : bool
        Whether it only changes how likely each draw of a fit is, so that leaving it out needs no new paths.
    listed : tuple of str
        Groups of a coder's list of targets that it may name (``codings/targets.csv``).
    pathway : str
        How it enters a model, in the words of tables and traces.
    shown : str
        The same for readers of a report.
    needs_seen_if : tuple of str, optional
        Fields that are needed where ``seen_if`` says how strong the claim is.
    """

    name: KindName
    needs: tuple[str, ...]
    target: TargetField | None
    directions: tuple[str, str]
    read: bool
    conditional: bool
    weighed: bool
    listed: tuple[str, ...]
    pathway: str
    shown: str
    needs_seen_if: tuple[str, ...] | None = None


CLAIM_KINDS: Mapping[str, ClaimKind] = MappingProxyType({kind.name: kind for kind in (
    ClaimKind(
        "judgement", ("wording", "lexicon", "horizon", "direction"), "event", OCCURS,
        read=True, conditional=True, weighed=True, listed=("event",),
        pathway="reads the hazard through its wording", shown="its wording is read as a probability",
    ),
    ClaimKind(
        "fact", ("direction", "grade"), "event", RAISES,
        read=True, conditional=False, weighed=False, listed=("event",),
        pathway="signal that shifts the hazard", shown="a reported fact that fits one outcome better",
        needs_seen_if=("lexicon",),
    ),
    ClaimKind(
        "effect", (), "effect", RAISES,
        read=False, conditional=False, weighed=False, listed=("effect",),
        pathway="sets an effect", shown="carries an effect between two events",
    ),
    ClaimKind(
        "driver", ("direction", "grade"), "driver", RAISES,
        read=True, conditional=False, weighed=True, listed=("driver", "balance"),
        pathway="reads a latent pressure", shown="reads a pressure shared by several events",
    ),
    ClaimKind(
        "quantity", ("value", "unit"), None, RAISES,
        read=False, conditional=False, weighed=False, listed=("event", "driver", "balance"),
        pathway="number that an effect cites", shown="states a number, which an effect between two events cites",
    ),
)})  # fmt: skip


def lacking(claim: Mapping[str, Any]) -> list[str]:
    """Return what a claim that is begun needs by its kind and does not have; nothing of one that says why it moves nothing.

    Examples
    --------
    >>> lacking({"kind": "driver", "grade": "weak", "target": {"driver": None}})
    ['direction', 'target.driver']
    """
    kind = CLAIM_KINDS.get(str(claim.get("kind")))
    if kind is None or claim.get("moves_nothing"):
        return []
    needs = kind.needs if kind.needs_seen_if is None or claim.get("seen_if") is None else kind.needs_seen_if
    target = claim.get("target")
    has_target = kind.target is None or (isinstance(target, Mapping) and bool(target.get(kind.target)))
    return [name for name in needs if claim.get(name) is None] + ([] if has_target else [f"target.{kind.target}"])
