"""One way to break each rule about series and counts, and the edits that give the small dossier a series of tickets."""

from __future__ import annotations

from rule_case import Case
from rule_edits import EDITION, QUESTIONS

SERIES, COUNTS = "series/ferry.yaml", "counts/ferry.csv"
TICKETS = """\
- id: tickets
  title: Ferry tickets sold
  unit: tickets
  kind: volume
  counted_by: harbour-office
  starts_on: 2022-01-01
  counts_what: Tickets sold at the quay.
  level: {median: 1000, spread: 0.5, why: A small ferry.}
  drift: {mean: 0.0, spread: 0.1, why: No growth is argued.}
  wander: {median: 0.2, spread: 0.5, why: Summers differ.}
  noise: {median: 0.05, spread: 0.5, why: Slips are lost.}
"""
SOLD = """\
id,series,counted_by,since,until,value,rounded_to,published_on,status,source,note
ti-001,tickets,harbour-office,2022-01-01,2022-12-31,900,1,2023-01-10,confirmed,Harbour office,
ti-002,tickets,harbour-office,2023-01-01,2023-12-31,1100,10,2024-01-10,confirmed,Harbour office,
ti-003,tickets,harbour-office,2024-01-01,2024-06-30,600,1,2024-09-10,confirmed,Harbour office,
"""
ASKED = "- {id: tickets-2025, title: How many in 2025?, level: {quantity: tickets, at: 2025-12-31, edges: [1000, 1300]}}\n"
GIVEN = ((SERIES, "", TICKETS), (COUNTS, "", SOLD))
LISTED = (EDITION, "questions: [", "questions: [tickets-2025, ")
ASKING = (*GIVEN, (QUESTIONS, "", ASKED), LISTED)

CASES = [
    Case("series-records", ((SERIES, "", TICKETS + "  shifts:\n    - event: pact-sined\n      times: "
                             "{median: 2.0, spread: 0.2, why: The pact brings guests.}\n"),),
         SERIES, ("event: pact-sined",), "series tickets: no event 'pact-sined'", "did you mean 'pact-signed'?"),
    Case("count-series", ((SERIES, "", TICKETS), (COUNTS, "", SOLD.replace("harbour-office", "harbour-ofice", 1))), COUNTS,
         ("ti-001",), "count ti-001: series tickets knows no register 'harbour-ofice'", "did you mean 'harbour-office'?"),
    Case("count-period", ((SERIES, "", TICKETS), (COUNTS, "", SOLD.replace("2022-01-01,2022", ",2022"))), COUNTS, ("ti-001",),
         "count ti-001: tickets is a volume, counted over a period", "write since"),
    Case("question-quantity",
         (*GIVEN, (QUESTIONS, "", ASKED.replace("level: {quantity: tickets, at: 2025-12-31, edges: [1000, 1300]}",
                                                "reaches: {quantity: tickets, level: 1300, by: 2025-12-31}")), LISTED),
         QUESTIONS, ("tickets-2025",), "question tickets-2025: tickets is a volume and may come and go",
         "write level or between"),
    Case("edition-counts",
         ((SERIES, "", TICKETS), (COUNTS, "", SOLD.replace("2023-01-10", "2024-08-10").replace("2024-01-10", "2024-08-11")),
          (QUESTIONS, "", ASKED), LISTED),
         EDITION, ("questions:",), "no count of tickets, asked about in tickets-2025, was published by 2024-07-01",
         "add a count"),
    Case("edition-network",
         (*GIVEN, (QUESTIONS, "", ASKED), (EDITION, "questions: [pact-by-2025, toll-by-2025, ferry-order-2025]",
                                           "questions: [tickets-2025]")),
         EDITION, ("questions:",), "none of its 1 questions is about an event", "add a question in a form such as 'asks'",
         also=("question-asked", "claim-moves")),
]  # fmt: skip
