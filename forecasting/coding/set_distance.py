"""How far two sets of labels are apart: for claims that two coders gave several targets."""

from __future__ import annotations

from collections.abc import Set


def masi_distance(a: Set[object], b: Set[object]) -> float:
    r"""Return the distance of two sets by Passonneau's *Measuring Agreement on Set-valued Items*.

    .. math:: d(A, B) = 1 - M \frac{|A \cap B|}{|A \cup B|}

    with M = 1 if the sets are equal, 2/3 if one holds the other, 1/3 if they share a part, 0 otherwise.

    Returns
    -------
    float
        0 of equal sets (two empty ones are equal), 1 of sets without a common member. {a, b} is nearer to {a} (5/9 of {a, b, c}
        to {a, b}) than to {b, c} (8/9), since a coder who says less is no contradiction of one who says more.

    References
    ----------
    Passonneau, R. J. (2006), *Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation*,
    Proceedings of LREC.

    Examples
    --------
    >>> masi_distance({"port"}, {"port"}), masi_distance({"port"}, {"pass"})
    (0.0, 1.0)
    >>> round(9 * masi_distance({"a", "b", "c"}, {"a", "b"}), 9), round(9 * masi_distance({"a", "b"}, {"b", "c"}), 9)
    (5.0, 8.0)
    """
    if a == b:
        return 0.0
    common = len(a & b)
    monotonic = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1.0 - monotonic * common / len(a | b)
