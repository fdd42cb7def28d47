"""Numbers of others that are wrong: tables of a crowd, and model output of a hub, each with what must be said of it."""

from __future__ import annotations

SCENARIOS = "ferry-order-2025,pact-no-toll,0.5\nferry-order-2025,toll-no-pact,0.125\n"
CROWDS = {
    "an unknown question": (
        "question,p\npact-by-2025,0.2\npact-by-2026,0.3\n",
        r"crowd.csv:3  question: found 'pact-by-2026'.*did you mean 'pact-by-2025'",
    ),
    "no question": ("question,p\n,0.3\n", "crowd.csv:2  question: found ''"),
    "an unknown outcome": (
        "question,outcome,p\npact-by-2025,maybe,0.3\n",
        "crowd.csv:2  outcome: found 'maybe'.*write one of yes, no",
    ),
    "no outcome of many": (
        "question,p\nferry-order-2025,0.3\n",
        "crowd.csv:2  outcome: found no outcome.*pact-no-toll, toll-no-pact, rest",
    ),
    "zero": ("question,p\npact-by-2025,0\n", "crowd.csv:2  p: found 0.*above 0 and below 1"),
    "one": ("question,p\npact-by-2025,1\n", "crowd.csv:2  p: found 1.*nothing open is certain"),
    "per cent": ("question,p\npact-by-2025,35\n", "p: found 35.*write 0.35, if per cent were meant"),
    "a sign of per cent": ("question,p\npact-by-2025,35%\n", "p: found '35%'.*write a plain number"),
    "a comma": ('question,p\npact-by-2025,"0,35"\n', "p: found '0,35'.*no comma"),
    "an exponent": ("question,p\npact-by-2025,3e-1\n", "p: found '3e-1'.*no exponent"),
    "not a number": ("question,p\npact-by-2025,NaN\n", "p: found 'NaN'"),
    "no number": ("question,p\npact-by-2025,\n", "p: found an empty cell"),
    "negative": ("question,p\npact-by-2025,-0.2\n", "p: found -0.2"),
    "a formula": ("question,p\npact-by-2025,=1/3\n", "crowd.csv:2  p: found the formula '=1/3'.*write its value"),
    "a sum below one": (
        "question,outcome,p\n" + SCENARIOS + "ferry-order-2025,rest,0.25\n",
        r"crowd.csv:4  p: found .*sum to 0.875 \(rows 2, 3, 4\).*write ones that sum to 1",
    ),
    "a sum above one": ("question,outcome,p\npact-by-2025,yes,0.5\npact-by-2025,no,0.625\n", r"sum to 1.125 \(rows 2, 3\)"),
    "too few outcomes": ("question,outcome,p\nferry-order-2025,rest,0.2\n", "no probability for pact-no-toll, toll-no-pact"),
    "a row twice": (
        "question,p\npact-by-2025,0.2\npact-by-2025,0.3\n",
        "crowd.csv:3  question: found the same question, outcome and day as in crowd.csv:2",
    ),
    "a day to come": (
        "question,p,as_of\npact-by-2025,0.2,2024-07-21\n",
        "as_of: found 2024-07-21, which is after today, 2024-07-20",
    ),
    "another spelling of a day": ("question,p,as_of\npact-by-2025,0.2,3/7/2024\n", "as_of: found '3/7/2024'.*YYYY-MM-DD"),
    "a day that is none": ("question,p,as_of\npact-by-2025,0.2,2024-02-30\n", "as_of: found '2024-02-30'"),
    "a column that is missing": ("question,outcome\npact-by-2025,yes\n", "crowd.csv:1  no column 'p'"),
    "a column too many": ("question,p,probability\npact-by-2025,0.2,0.2\n", "crowd.csv:1  the column 'probability'"),
    "no rows": ("question,p\n", "no rows"),
    "semicolons": ("question;p\npact-by-2025;0.2\n", "semicolons"),
}  # fmt: skip
HUB_TEXT = (
    "origin_date,target,target_date,output_type,output_type_id,value\n"
    "2024-07-03,pact_by_2025,2025-12-31,pmf,yes,0.25\n2024-07-03,pact_by_2025,2025-12-31,pmf,no,0.75\n"
)
# what is changed in it, and what must be said
HUB = {
    "a sum": (("0.75", "0.7"), "value: found .*sum to 0.95"),
    "a category": ((",no,", ",nope,"), "output_type_id: found 'nope'.*write one of yes, no"),
    "one": (("yes,0.25", "yes,1"), "value: found 1"),
    "another day inside": (("3,pact_by_2025,2025-12-31,pmf,no", "4,pact_by_2025,2025-12-31,pmf,no"), "origin_date"),
    "another kind": (("pmf,no", "mean,no"), "output_type: found 'mean'"),
    "a category twice": ((",no,", ",yes,"), "the same target and category"),
    "a category that is missing": (("2024-07-03,pact_by_2025,2025-12-31,pmf,no,0.75\n", ""), "no row for no"),
    "no number": (("0.75", "three quarters"), "value: found 'three quarters'"),
}
