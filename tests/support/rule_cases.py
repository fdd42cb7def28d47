"""One way to break each rule: what to change in the small dossier, and what must be said about it, and where."""

from __future__ import annotations

from dataclasses import dataclass

from broken_dossiers import ADD_BRIDGE, ASK_BRIDGE, BRIDGE, BRIDGE_TO_TOLL, LIST_BRIDGE, Edit, second_source
from builders import claim_yaml

CLAIMS, EDITION, EFFECTS = "claims/norland-times.yaml", "editions/2024-07-ferry.yaml", "effects.yaml"
EVENTS, HISTORY, QUESTIONS = "events/ferry.yaml", "history.csv", "questions/ferry.yaml"
SOURCE, CLASSES, GRADES = "sources/norland-times.yaml", "reference_classes.csv", "grades.csv"
TOLLS = "tolls-raised,,2,30,year,0.5,1990-01-01,"
LIFE_TABLES, PACTS = "life_tables.csv", "cases/pacts-signed.csv"
ASSUMPTIONS = "assumptions.yaml"
PLAIN_EFFECT = "acts: multiplies, sign: lowers, grade: strong"
FACT = """\
    paraphrase: Observers speak.
    speaker: observers
    kind: fact
    target: {event: EVENT}
    direction: lowers
    grade: weak
    grade_why: The same would be seen in most worlds.
    made_on: 2024-07-01
    reliability: C
    credibility: 3
    origin: observers
    """
DATES = ", ".join(
    f"{{occurs: {event}, by: 20{year}-{month:02}-01}}"
    for event in ("pact-signed", "toll-raised")
    for year in range(25, 36)
    for month in range(1, 13)
)


def fact(name: str, event: str, quote: str = "Observers say") -> Edit:
    """Return the edit that adds a fact about an event."""
    return CLAIMS, "", claim_yaml(name, quote, FACT.replace("EVENT", event))


def retold(paraphrase: str, quote: str = "Observers say", event: str = "toll-raised", origin: str = "aides") -> tuple[Edit, ...]:
    """Return the edits by which another source tells of an event."""
    fields = FACT.replace("EVENT", event).replace("Observers speak.", paraphrase).replace("observers", origin)
    return second_source(claim_yaml("s-001", quote, fields, source="sudland-post"))


def life_table(*rows: str) -> Edit:
    """Return the edit that adds a life table."""
    return LIFE_TABLES, "", "\n".join(("reference_class,until_years,at_risk,failed,citation", *rows)) + "\n"


def conditioned(name: str, states: str) -> Edit:
    """Return the edit that has the events of a class counted in worlds with a cause given."""
    return EVENTS, f"reference_class: {name}", f"reference_class: {name}\n  class_given: {states}"


def occasion(number: str) -> Edit:
    """Return the edit that gives the pact an occasion with a probability by words or by a class."""
    day = f"occasions: [{{on: 2025-06-07, {number}, why: An election., source: the electoral law}}]"
    return EVENTS, "class_fit: good", f"class_fit: good\n  {day}"


def driver(name: str, *events: str) -> Edit:
    """Return the edit that adds a driver."""
    loadings = ", ".join(f"{{event: {event}, sign: raises, grade: weak}}" for event in events)
    return (
        EFFECTS,
        "drivers: []",
        f"drivers:\n  - {{id: {name}, title: Trade, high_means: More of it., why: Both need it.,\n"
        f"     loadings: [{loadings}]}}\n",
    )


def seen_if(comes: str, stays_away: str, more: str = "") -> Edit:
    """Return the edit by which a fact says what would be seen in both worlds, instead of a direction and a grade."""
    graded = "direction: raises\n  grade: moderate\n  grade_why: Customs staff seldom move without an agreement."
    return CLAIMS, graded, f"lexicon: plain\n  seen_if: {{comes: {comes}, stays_away: {stays_away}}}{more}"


CODING, TARGETS = "codings/one/norland-times.yaml", "codings/targets.csv"
LISTED = (TARGETS, "", "group,id,title\nevent,pact-signed,The pact is signed\nbalance,upper-hand,Who has the upper hand\n")
CODED = """\
    paraphrase: A signature within months is more probable than not.
    speaker: author
    kind: judgement
    wording: is likely to be
    nearest: likely
    lexicon: plain
    reads: at_least
    target: [pact-signed]
    direction: occurs
    horizon: {stated: true, years: 0.5}
    reliability: B
    credibility: 3
    origin: norland-times
    """


def coding(old: str = "", new: str = "", name: str = "k-001") -> Edit:
    """Return the edit that adds a coder's record, changed in one place."""
    return CODING, "", claim_yaml(name, "likely to be signed this year", CODED).replace(old, new, 1)


def assumption(holds: str, more: str = "") -> Edit:
    """Return the edit that adds an assumption."""
    fields = f"  statement: So it is.\n  holds: {{{holds}}}\n  held_by: analyst\n  why: So it was.\n  would_change: A proof.\n"
    return ASSUMPTIONS, "", f"- id: a-001\n{fields}{more}"


SYNONYM = ("lexicons/plain.csv", "", "probable,0.60,0.67,0.75,0.80,0.90,level,0,Coder: as likely\n")


@dataclass(frozen=True)
class Case:
    """A rule, what breaks it, where that must be reported, and words of what must be said."""

    rule: str
    edits: tuple[Edit, ...]
    file: str
    at: tuple[str, ...]  # texts that lead to the line, one after the other; none for the file as a whole
    found: str
    fix: str
    also: tuple[str, ...] = ()  # what the same edit cannot avoid


CASES = [
    Case("file-id", ((EDITION, "id: 2024-07-ferry", "id: 2024-08-ferry"),), EDITION, ("id: 2024",),
         "'2024-08-ferry' in the file 2024-07-ferry.yaml", "write id: 2024-07-ferry"),
    Case("id-shared", (driver("pact-signed", "toll-raised"),), EFFECTS, ("drivers:", "id: pact-signed"),
         "driver 'pact-signed' has the id of the event at priors/events/ferry.yaml:1", "'driver-pact-signed'"),
    Case("text-invisible", ((EDITION, "title: The ferry in July 2024", r'title: "The ferry \u202e in July"'),),
         EDITION, ("title:",), "edition 2024-07-ferry: title holds the invisible character U+202E", "delete it"),
    Case("text-alphabets", ((EDITION, "The ferry", "Thе ferry"),), EDITION, ("title:",),
         r"cyrillic and latin letters in 'Th\u0435'", "one alphabet"),
    Case("text-blank", ((EDITION, "the day the article appeared", '"    "'),), EDITION, ("as_of_how:",),
         "as_of_how is blank", "write it"),
    Case("text-links", ((EDITION, "seed:", "summary: see JavaScript:alert(1) there\nseed:"),), EDITION, ("summary:",),
         "holds the link 'JavaScript:…'", "https:"),
    Case("source-text-file", ((SOURCE, "ferry.txt", "../ferry.txt"),), SOURCE, ("text_file:",),
         "'../ferry.txt'", "name of the file alone"),
    Case("claim-source", ((CLAIMS, "source: norland-times", "source: norland-tims"),), CLAIMS,
         ("source: norland-tims",), "claim n-001: no source 'norland-tims'", "did you mean 'norland-times'?"),
    Case("claim-file", (("claims/sudland-post.yaml", "", fact("s-001", "pact-signed")[2]),), "claims/sudland-post.yaml",
         ("source:",), "of source 'norland-times' in sudland-post.yaml", "claims/norland-times.yaml"),
    Case("claim-made-on", ((CLAIMS, "made_on: 2024-07-01", "made_on: 2024-07-02"), (EDITION, "07-01", "07-05")), CLAIMS,
         ("made_on: 2024-07-02",), "made_on 2024-07-02 is after its source appeared (2024-07-01)", "the day"),
    Case("claim-happened-on", ((CLAIMS, "grade: moderate", "grade: moderate\n  happened_on: 2024-07-02"),), CLAIMS,
         ("happened_on:",), "happened_on 2024-07-02 is after made_on 2024-07-01", "mend"),
    Case("claim-lexicon", ((CLAIMS, "lexicon: plain", "lexicon: plane"),), CLAIMS, ("lexicon: plane",),
         "no lexicon 'plane'", "did you mean 'plain'?"),
    Case("claim-wording", ((CLAIMS, "wording: likely", "wording: quite likely"),), CLAIMS, ("wording: quite",),
         "lexicon 'plain' has no wording 'quite likely'", "It knows: likely, unlikely. Nothing is composed from"),
    Case("claim-negated-twice",
         ((CLAIMS, "{event: toll-raised}\n  direction: occurs", "{event: toll-raised}\n  direction: does-not-occur"),),
         CLAIMS, ("direction: does-not-occur",), "claim n-002: 'unlikely' and does-not-occur read as", "direction: occurs"),
    Case("claim-synonym-rows",
         (("lexicons/icd203.csv", "", "wording,p05,p25,p50,p75,p95,reads,n,citation\n"
           "likely,0.55,0.6,0.67,0.74,0.8,level,0,ICD 203\nimprobable,0.2,0.25,0.32,0.39,0.45,level,0,ICD 203\n"),
          (CLAIMS, "wording: likely\n  lexicon: plain", "wording: likely\n  lexicon: icd203"),
          (CLAIMS, "wording: unlikely\n  lexicon: plain", "wording: improbable\n  lexicon: icd203")),
         CLAIMS, ("wording: improbable",),
         "claim n-002: 'improbable' is of the probability row of icd203, 'likely' of n-001 of the likelihood",
         "read norland-times with a survey lexicon"),
    Case("lexicon-reads",
         (("lexicons/mine.csv", "", "wording,p05,p25,p50,p75,p95,n,citation\nperhaps,0.1,0.2,0.3,0.4,0.5,0,Coder: my own\n"),),
         "lexicons/mine.csv", ("perhaps",), "lexicon mine has no column 'reads': all its 1 wordings are read as levels",
         "add the column after p95"),
    Case("lexicon-place",
         (("lexicons/mine.csv", "", "wording,p05,p25,p50,p75,p95,reads,at,towards,share,n,citation\n"
           "in sight,0.1,0.2,0.3,0.4,0.5,level,unlikely,likly,0.5,5146,Coder: between\n"),),
         "lexicons/mine.csv", ("in sight",), "wording in sight in mine is placed at 'likly', which no survey here asked about",
         "did you mean 'likely'"),
    Case("claim-instead",
         (("lexicons/mine.csv", "", "wording,p05,p25,p50,p75,p95,reads,instead,n,citation\n"
           "will,0.1,0.2,0.3,0.4,0.5,at_least,a fact,0,Coder: none\n"),
          (CLAIMS, "wording: likely\n  lexicon: plain", "wording: will\n  lexicon: mine")),
         CLAIMS, ("wording: will",), "claim n-001: 'will' is no judgement of likelihood", "code it as a fact"),
    Case("claim-reads", ((CLAIMS, "wording: likely", "wording: likely\n  reads: level\n  reads_why: About so much, it says."),),
         CLAIMS, ("reads: level",), "claim n-001: reads level, as 'likely' is read in plain anyway",
         "leave reads and reads_why out"),
    Case("claim-words", ((CLAIMS, "kind: fact", "kind: fact\n  wording: one two three four five six seven eight 9"),),
         CLAIMS, ("wording: one",), "a wording of 9 words", "at most 8"),
    Case("claim-origin", ((CLAIMS, "origin: norland-times", "origin: somebody"),), CLAIMS, ("origin: somebody",),
         "the author speaks, but the origin is 'somebody'", "write origin: norland-times"),
    Case("claim-supersedes", ((CLAIMS, "kind: fact", "kind: fact\n  supersedes: n-009"),), CLAIMS, ("supersedes:",),
         "claim n-003 supersedes 'n-009', which does not exist", "did you mean"),
    Case("claim-supersedes-circle",
         ((CLAIMS, "kind: judgement", "kind: judgement\n  supersedes: n-003"),
          (CLAIMS, "kind: fact", "kind: fact\n  supersedes: n-001")),
         CLAIMS, ("supersedes: n-003",), "n-001 → n-003 → n-001", "newest"),
    Case("anchor-inside", ((SOURCE, "text_length: 174", "text_length: 150"),), CLAIMS, ("n-003", "anchor:"),
         "the anchor ends at 158, the text at 150", "mend the offsets"),
    Case("anchor-seal", ((CLAIMS, "sha256: 2a059a", "sha256: 3a059a"),), CLAIMS,
         ("n-001", "anchor:"), "claim n-001: the seal does not fit the anchor", "forecast verify --texts DIR --write"),
    Case("fact-wordings", (seen_if("quite likely", "unlikely"),), CLAIMS, ("seen_if:",),
         "claim n-003: lexicon 'plain' has no wording 'quite likely'", "Nothing is composed from 'likely'"),
    Case("fact-wordings",
         ((HISTORY, "likelihood_ratio,source", "likelihood_ratio,comes,stays_away,lexicon,source"),
          (HISTORY, "pact-signed,survived,,Test", "pact-signed,signal,,likely,unlikely,plane,Test"),
          (HISTORY, "toll-raised,survived,,Test", "toll-raised,survived,,,,,Test")),
         HISTORY, ("2024-06-30,pact",), "pact-signed signal on 2024-06-30: no lexicon 'plane'", "did you mean 'plain'?"),
    Case("fact-says-something", (SYNONYM, seen_if("likely", "probable")), CLAIMS, ("seen_if:",),
         "claim n-003: 'likely' and 'probable' mean the same probability", "write wordings that differ"),
    Case("fact-direction", (seen_if("unlikely", "likely", "\n  direction: raises"),), CLAIMS, ("n-003", "direction:"),
         "direction raises, but it is seen if it comes: unlikely; if it stays away: likely, which lowers it", "leave direction"),
    Case("fact-grade-why", ((CLAIMS, "grade_why: Customs staff seldom move without an agreement.", "grade_why: It is so."),),
         CLAIMS, ("grade: moderate",), "claim n-003: a bare grade (moderate) and only 'It is so.' for a reason",
         "write seen_if: {comes: …, stays_away: …}"),
    # do, not, expect, toll and go are shared; observers and aides are not: 5 of 7
    Case("claim-retold", retold("Aides do not expect the toll to go up."), "claims/sudland-post.yaml",
         ("origin: aides",), "claim s-001 tells what n-002 of norland-times tells (71 % of the words of both paraphrases)",
         "give them the same origin (observers)"),
    Case("claim-target", ((CLAIMS, "event: pact-signed", "event: pact-sined"),), CLAIMS,
         ("target: {event: pact-sined",), "claim n-001: no event 'pact-sined'", "did you mean 'pact-signed'?"),
    Case("claim-given", ((CLAIMS, "event: pact-signed", "event: pact-signed, given: {toll-raised: false}"),), CLAIMS,
         ("given:",), "no effect from toll-raised into pact-signed", "add an effect from toll-raised to pact-signed"),
    Case("claim-given-possible", ((CLAIMS, "event: toll-raised", "event: toll-raised, given: {pact-signed: true}"),
                                  (EFFECTS, PLAIN_EFFECT, "acts: blocks")), CLAIMS, ("given:",),
         "toll-raised is impossible when pact-signed is true (pact-lowers-toll)", "write pact-signed: false"),
    Case("claim-given-judgement", (fact("n-004", "toll-raised, given: {pact-signed: true}"),), CLAIMS, ("given:",),
         "claim n-004: a fact has conditions", "judgement"),
    Case("claim-given-open", ((EVENTS, "", BRIDGE.replace("2024-01-01", "2024-12-01")), BRIDGE_TO_TOLL,
                              (CLAIMS, "event: toll-raised", "event: toll-raised, given: {bridge-built: false}")),
         CLAIMS, ("given:",), "bridge-built opens on 2024-12-01, after as_of 2024-07-01 of edition 2024-07-ferry",
         "let the event open earlier"),
    Case("claim-horizon", ((EVENTS, "", BRIDGE.replace("2024-01-01", "2025-07-15")), BRIDGE_TO_TOLL,
                           (CLAIMS, "event: pact-signed", "event: [pact-signed, bridge-built]")),
         CLAIMS, ("horizon:",), "ends on 2025-07-01, before bridge-built opens on 2025-07-15", "mend the horizon"),
    Case("claim-cited-back",
         ((CLAIMS, "", claim_yaml("n-004", "Observers say", FACT.replace("event: EVENT", "effect: pact-lowers-toll")
                                  .replace("kind: fact", "kind: effect"))),),
         CLAIMS, ("n-004", "target:"), "bears on effect pact-lowers-toll, which does not cite it", "effects.yaml:2"),
    Case("claim-twice", (fact("n-004", "pact-signed", "moved its customs officers back"),), CLAIMS,
         ("n-004", "anchor:"), "claim n-004 reads the same words as n-003 for the event pact-signed", "keep one"),
    Case("claim-moves", (ADD_BRIDGE, fact("n-004", "bridge-built")), CLAIMS, ("- id: n-004",),
         "claim n-004 moves no question of any edition", "moves_nothing", also=("event-asked",)),
    Case("claim-moves", (fact("n-004", "toll-raised"), (CLAIMS, "kind: fact\n  target: {event: toll-raised}",
                         "kind: quantity\n  value: 3.5\n  unit: crowns\n  target: {event: toll-raised}")),
         CLAIMS, ("- id: n-004",),
         "claim n-004 moves no question of any edition: it is a quantity, and a number enters no hazard",
         "as a fact or a judgement, cite the claim at an effect, or say in 'moves_nothing'"),
    Case("event-class", ((EVENTS, "reference_class: pacts-signed", "reference_class: pact-signed"),), EVENTS,
         ("reference_class:",), "event pact-signed: no reference class 'pact-signed'", "did you mean 'pacts-signed'?"),
    Case("event-unit", ((EVENTS, "reference_class: pacts-signed", "reference_class: deadlines-kept"),), EVENTS,
         ("reference_class:",), "an unscheduled event with the class 'deadlines-kept', counted per trial", "year"),
    Case("event-asked", (ADD_BRIDGE,), EVENTS, ("id: bridge-built",), "bridge-built bears on no question", "ask"),
    Case("class-borrows", ((CLASSES, "tolls-raised,,", "tolls-raised,pact-signed,"),), CLASSES, ("tolls-raised",),
         "class tolls-raised borrows from 'pact-signed'", "did you mean 'pacts-signed'?"),
    Case("edition-classes", ((CLASSES, f"{TOLLS}2020-12-31", f"{TOLLS}2024-08-01"),),
         CLASSES, ("tolls-raised",),
         "uses class tolls-raised (event toll-raised), counted until 2024-08-01, after its as_of 2024-07-01",
         "add a row of tolls-raised with counted_until 2024-07-01 or earlier"),
    Case("edition-reconstructed", ((SOURCE, "kind: news", "kind: news\nretrieved_on: 2024-07-02"),), EDITION, ("norland-times",),
         "source norland-times was retrieved on 2024-07-02, after as_of 2024-07-01", "write reconstructed:"),
    Case("class-rows", ((CLASSES, "", "tolls-raised,,1,9,trial,0.5,1990-01-01,2010-12-31,table,Made up,one in nine\n"),), CLASSES,
         ("tolls-raised,,1,9",), "class tolls-raised until 2010-12-31: another unit", "count both alike"),
    Case("class-basis", ((CLASSES, "2020-12-31,table,", "2020-12-31,cases,"),), CLASSES, ("pacts-signed",),
         "class pacts-signed stands on cases, but there is no cases/pacts-signed.csv", "basis: unverified"),
    Case("class-counts", ((PACTS, "", "case,started_on,ended_on,happened\nthe pact,2000-01-01,2001-01-01,1\n"),), CLASSES,
         ("pacts-signed",), "6 events in 40, but its cases until 2020-12-31 have 1 in 1.00", "write events 1, exposure 1.00"),
    Case("life-table-class", (life_table("tols-raised,1,20,1,made up", "tols-raised,2,12,1,made up"),), LIFE_TABLES,
         ("tols-raised,1",), "no reference class 'tols-raised'", "did you mean 'tolls-raised'?"),
    Case("life-table-at-risk", (life_table("tolls-raised,0.5,20,1,made up", "tolls-raised,1.5,20,1,made up"),), LIFE_TABLES,
         ("tolls-raised,1.5",), "20 at risk after 19 were left", "at most 19"),
    Case("life-table-failures", (life_table("tolls-raised,1,20,2,made up", "tolls-raised,2,12,0,made up"),), LIFE_TABLES,
         ("tolls-raised,1",), "failures in fewer than two intervals", "add intervals"),
    Case("life-table-agrees", (life_table("tolls-raised,1,20,2,made up", "tolls-raised,2,12,1,made up"),), CLASSES,
         ("tolls-raised",), "2 events, but 3 failures in its life table", "events: 3"),
    Case("clock-class", ((EVENTS, "opens_on: 2024-01-01", "opens_on: 2024-01-01\n  clock_starts_on: 2023-01-01"),), EVENTS,
         ("clock_starts_on",), "has a clock, but class pacts-signed has no life table", "leave clock_starts_on out"),
    Case("class-trials", ((CLASSES, "kept,,7,10", "kept,,17,10"),), CLASSES, ("deadlines-kept",),
         "17 events in 10 trials", "swap"),
    Case("effect-events", ((EFFECTS, "to: toll-raised", "to: toll-raise"),), EFFECTS, ("to: toll-raise",),
         "effect pact-lowers-toll: no event 'toll-raise'", "did you mean 'toll-raised'?"),
    Case("effect-pair", ((EFFECTS, "drivers: []", "  - {id: again, from: pact-signed, to: toll-raised, acts: blocks,"
                          " why: The pact forbids it.}\ndrivers: []"),), EFFECTS, ("id: again",),
         "effect again joins pact-signed to toll-raised, as pact-lowers-toll does already", "keep one"),
    Case("effect-enables-circle",
         ((EFFECTS, PLAIN_EFFECT, "acts: enables"),
          (EFFECTS, "drivers: []", "  - {id: back, from: toll-raised, to: pact-signed, acts: enables, why: It pays.}\n"
           "drivers: []")),
         EFFECTS, ("id: pact-lowers-toll",), "pact-signed → toll-raised → pact-signed", "drop one", also=("scenario-possible",)),
    Case("class-given", (conditioned("tolls-raised", "{pact: false}"),), EVENTS, ("class_given",),
         "event toll-raised: class_given names 'pact'", "known events"),
    Case("class-given", (conditioned("pacts-signed", "{toll-raised: true}"),), EVENTS, ("class_given",),
         "no effect from toll-raised changes its hazard", "write an effect from toll-raised to pact-signed"),
    Case("class-given", (conditioned("tolls-raised", "{pact-signed: true}"), (EFFECTS, PLAIN_EFFECT, "acts: blocks")), EVENTS,
         ("class_given",), "it cannot happen once pact-signed has", "write {pact-signed: false}"),
    Case("event-occasion", (occasion("wording: quite likely, lexicon: plain"),), EVENTS, ("occasions:",),
         "event pact-signed: the occasion of 2025-06-07: lexicon 'plain' has no wording 'quite likely'", "It knows: likely"),
    Case("event-occasion", (occasion("wording: likely, lexicon: plane"),), EVENTS, ("occasions:",), "no lexicon 'plane'",
         "did you mean 'plain'?"),
    Case("event-occasion", (occasion("reference_class: pacts-signed"),), EVENTS, ("occasions:",),
         "has the class 'pacts-signed', counted per year", "a class whose unit is trial"),
    Case("event-occasion", (occasion("reference_class: deadlines-kep"),), EVENTS, ("occasions:",),
         "has no class 'deadlines-kep'", "did you mean 'deadlines-kept'?"),
    Case("effect-wording", ((EFFECTS, PLAIN_EFFECT, "acts: leads_to, wording: quite likely, lexicon: plain, lag_years: 0.5"),),
         EFFECTS, ("wording: quite",), "lexicon 'plain' has no wording 'quite likely'", "It knows: likely, unlikely"),
    Case("effect-wording", ((EFFECTS, PLAIN_EFFECT, "acts: leads_to, wording: likely, lexicon: plane, lag_years: 0.5"),),
         EFFECTS, ("id: pact-lowers-toll",), "no lexicon 'plane'", "did you mean 'plain'?"),
    Case("effect-follows-circle",
         ((EFFECTS, PLAIN_EFFECT, "acts: implies"),
          (EFFECTS, "drivers: []", "  - {id: back, from: toll-raised, to: pact-signed, acts: leads_to, why: It pays.,\n"
           "     wording: likely, lexicon: plain, lag_years: 1.0}\ndrivers: []")),
         EFFECTS, ("id: pact-lowers-toll",), "pact-signed → toll-raised → pact-signed", "drop one", also=("scenario-possible",)),
    Case("effect-follows-date",
         ((EFFECTS, PLAIN_EFFECT, "acts: leads_to, wording: likely, lexicon: plain, lag_years: 0.5"),
          (EVENTS, "reference_class: tolls-raised", "reference_class: deadlines-kept\n  scheduled_on: 2025-12-31")),
         EFFECTS, ("id: pact-lowers-toll",), "toll-raised can only happen on 2025-12-31", "an occasion on that day"),
    Case("effect-implies-opening",
         ((EVENTS, "", BRIDGE), BRIDGE_TO_TOLL, (EFFECTS, "sign: lowers, grade: weak", "acts: implies"),
          (EVENTS, "title: Sudland raises the toll\n  opens_on: 2024-01-01",
           "title: Sudland raises the toll\n  opens_on: 2024-02-01")),
         EFFECTS, ("id: bridge-lowers-toll",),
         "toll-raised opens on 2024-02-01, bridge-built on 2024-01-01 already", "lead to it"),
    Case("effect-implies-possible",
         ((EVENTS, "", BRIDGE), BRIDGE_TO_TOLL, (EFFECTS, "sign: lowers, grade: weak", "acts: implies"),
          (EFFECTS, PLAIN_EFFECT, "acts: enables")),
         EFFECTS, ("id: bridge-lowers-toll",), "bridge-built implies toll-raised, which pact-signed enables (pact-lowers-toll)",
         "add an effect by which pact-signed enables bridge-built", also=("scenario-possible",)),
    Case("history-implies", ((EFFECTS, PLAIN_EFFECT, "acts: implies"),
                             (HISTORY, "", "2025-01-05,pact-signed,occurred,,Gazette,confirmed,\n")), HISTORY,
         ("2025-01-05",), "pact-signed occurred on 2025-01-05 and implies toll-raised (pact-lowers-toll), which has no such row",
         "add the row 'occurred' of toll-raised, dated 2025-01-05 or earlier", also=("scenario-possible",)),
    Case("effect-claims", ((EFFECTS, "claims: [n-002]", "claims: [n-0022]"),), EFFECTS, ("claims: [n-0022]",),
         "effect pact-lowers-toll cites claim 'n-0022', which does not exist", "did you mean 'n-002'"),
    Case("effect-claims-fit", (ADD_BRIDGE, BRIDGE_TO_TOLL, (EFFECTS, "why: Cars", "claims: [n-001], why: Cars")),
         EFFECTS, ("claims: [n-001]",), "claim n-001, which bears on neither bridge-built nor toll-raised", "take it"),
    Case("driver-events", (driver("trade", "pact-signed", "toll-raised", "pact-signed"),), EFFECTS, ("loadings:",),
         "driver trade loads on pact-signed twice", "keep one"),
    Case("question-events", ((QUESTIONS, "occurs: pact-signed", "occurs: pact-sined"),), QUESTIONS,
         ("id: pact-by-2025",), "question pact-by-2025: no event 'pact-sined'", "did you mean 'pact-signed'?"),
    Case("question-deadline", ((EVENTS, "", BRIDGE.replace("2024-01-01", "2026-01-01")), ASK_BRIDGE), QUESTIONS,
         ("id: bridge-by-2025",), "2025-12-31 is not after bridge-built opens on 2026-01-01", "mend",
         also=("question-asked",)),
    Case("question-schedule",
         ((EVENTS, "", BRIDGE.replace("2024-01-01", "2024-01-01\n  scheduled_on: 2026-06-30")
           .replace("pacts-signed", "deadlines-kept")), ASK_BRIDGE),
         QUESTIONS, ("id: bridge-by-2025",), "2025-12-31 is before bridge-built is due on 2026-06-30", "mend",
         also=("question-asked",)),
    Case("question-asked", ((EDITION, "toll-by-2025, ", ""),), QUESTIONS, ("id: toll-by-2025",), "is in no edition",
         "list it"),
    Case("question-stages",
         ((QUESTIONS, "", "- {id: steps, title: How far?, at: 2025-12-31, stages: [pact-signed, pact-signed]}\n"),),
         QUESTIONS, ("stages:",), "stages pact-signed, pact-signed", "two or more", also=("question-asked",)),
    Case("scenario-size",
         ((QUESTIONS, "", "- id: many\n  title: Too many\n  at: 2036-01-01\n  scenarios:\n"
           f"    - {{id: some, title: Some, any_of: [{DATES}]}}\n    - {{id: rest, title: Rest, other: true}}\n"),),
         QUESTIONS, ("id: many", "scenarios:"), "its 2 events can turn out in 17,689 ways", "fewer",
         also=("question-asked",)),
    Case("scenario-ids", ((QUESTIONS, "id: toll-no-pact", "id: pact-no-toll"),), QUESTIONS,
         ("id: pact-no-toll", "id: pact-no-toll, title: Higher"), "scenario 'pact-no-toll' again", "its own id"),
    Case("scenario-overlap",
         ((QUESTIONS, "all_of: [{holds: pact-signed}, {occurs: toll-raised}]", "occurs: pact-signed"),), QUESTIONS,
         ("id: toll-no-pact",),
         "'pact-no-toll' and 'toll-no-pact' are both true when pact-signed occurs, toll-raised does not occur",
         "narrow one of them"),
    Case("scenario-gap", ((QUESTIONS, "    - {id: rest, title: Anything else, other: true}\n", ""),), QUESTIONS,
         ("scenarios:",), "no scenario is true when pact-signed occurs, toll-raised occurs", "other: true"),
    Case("scenario-possible",
         ((QUESTIONS, "{holds: pact-signed}, {occurs: toll", "{holds: toll-raised}, {occurs: toll"),), QUESTIONS,
         ("id: toll-no-pact",), "'toll-no-pact' can never be true: it contradicts itself", "leave it out"),
    Case("edition-records", ((EDITION, "ferry-order-2025]", "ferry-order-2025, ferry-oder-2025]"),), EDITION,
         ("questions:",), "no question 'ferry-oder-2025'", "did you mean 'ferry-order-2025'?"),
    Case("edition-published", ((SOURCE, "published_on: 2024-07-01", "published_on: 2024-07-03"),), EDITION,
         ("sources:",), "norland-times appeared on 2024-07-03, after as_of 2024-07-01", "off the list"),
    Case("edition-published-vaguely", ((SOURCE, "precision: day", "precision: week"),), EDITION, ("sources:",),
         "dated 2024-07-01 to the week and may have appeared after as_of 2024-07-01", "move as_of to 2024-07-08"),
    Case("edition-claims", ((SOURCE, "precision: day", "precision: month"),
                            (CLAIMS, "made_on: 2024-07-01", "made_on: 2024-07-20")), CLAIMS, ("made_on: 2024-07-20",),
         "made_on 2024-07-20 is after as_of 2024-07-01 of edition 2024-07-ferry", "the day",
         also=("edition-published-vaguely",)),
    Case("edition-deadlines", ((QUESTIONS, "by: 2025-12-31", "by: 2024-07-01"),), EDITION, ("questions:",),
         "pact-by-2025 ends on 2024-07-01, not after as_of 2024-07-01", "off the list"),
    Case("edition-events", ((EVENTS, "", BRIDGE.replace("2024-01-01", "2024-08-01")), ASK_BRIDGE, LIST_BRIDGE), EDITION,
         ("questions:",), "bridge-built, asked in bridge-by-2025, opens on 2024-08-01, after as_of 2024-07-01", "mend"),
    Case("edition-settled", ((HISTORY, "pact-signed,survived", "pact-signed,occurred"),), EDITION, ("questions:",),
         "pact-signed, asked in pact-by-2025, happened on 2024-06-30", "off the list"),
    Case("edition-schedule",
         ((EVENTS, "", BRIDGE.replace("2024-01-01", "2024-01-01\n  scheduled_on: 2024-06-01")
           .replace("pacts-signed", "deadlines-kept")), ASK_BRIDGE, LIST_BRIDGE),
         EDITION, ("as_of:",), "bridge-built was due on 2024-06-01, and history.csv has no outcome by 2024-07-01",
         "'occurred' or 'survived' of bridge-built, dated 2024-06-01 to 2024-07-01"),
    Case("edition-stale", ((EVENTS, "2024-01-01", "2023-01-01"),
                           (HISTORY, "2024-06-30,pact-signed,survived", "2023-01-01,pact-signed,survived")),
         EDITION, ("as_of:",), "the state of pact-signed since 2023-01-01 is unknown and will be forecast", "survived"),
    Case("edition-previous", ((EDITION, "seed: 20240701", "seed: 20240701\nprevious: 2024-06-ferry"),), EDITION,
         ("previous:",), "edition 2024-07-ferry: no edition '2024-06-ferry'", "did you mean '2024-07-ferry'?"),
    Case("assumption-events", (assumption("p: {occurs: pact-sined}, by: 2025-06-30, at_least: 0.5"),), ASSUMPTIONS, ("holds:",),
         "assumption a-001: no event 'pact-sined'", "did you mean 'pact-signed'?"),
    Case("assumption-editions",
         (assumption("p: {occurs: pact-signed}, by: 2025-06-30, at_least: 0.5", "  editions: [2024-07-ferry, 2024-07-fery]\n"),),
         ASSUMPTIONS, ("editions:",), "assumption a-001: no edition '2024-07-fery'", "did you mean '2024-07-ferry'?"),
    Case("assumption-days",
         (assumption("p: {occurs: pact-signed}, by: 2026-06-30, at_least: 0.5", "  editions: 2024-07-ferry\n"),), ASSUMPTIONS,
         ("holds:",), "assumption a-001 of edition 2024-07-ferry: 2026-06-30 lies outside 2024-07-01 to 2025-12-31", "mend",
         also=("assumption-asked",)),
    Case("assumption-asked", (ADD_BRIDGE, assumption("p: {occurs: bridge-built}, by: 2025-06-30, at_least: 0.5")), ASSUMPTIONS,
         ("- id: a-001",), "assumption a-001 cannot be asked of 2024-07-ferry (no question leads to bridge-built)",
         "ask a question", also=("event-asked",)),
    Case("history-event", ((HISTORY, "30,pact-signed", "30,pact-sined"),), HISTORY, ("pact-sined",),
         "no event 'pact-sined'", "did you mean 'pact-signed'?"),
    Case("history-opening", ((HISTORY, "2024-06-30,toll", "2023-12-31,toll"),), HISTORY, ("2023-12-31",),
         "toll-raised survived on 2023-12-31, before it opens on 2024-01-01", "mend the date"),
    Case("history-once", ((HISTORY, "", "2025-01-05,pact-signed,occurred,,Gazette,confirmed,\n"
                           "2025-02-05,pact-signed,occurred,,Gazette,confirmed,\n"),), HISTORY, ("2025-02-05",),
         "pact-signed occurred again (first at priors/history.csv:4)", "keep one"),
    Case("history-after", ((HISTORY, "", "2025-01-05,pact-signed,occurred,,Gazette,confirmed,\n"
                            "2025-02-05,pact-signed,signal,2,Gazette,confirmed,\n"),), HISTORY, ("2025-02-05",),
         "pact-signed signal on 2025-02-05, but it occurred on 2025-01-05", "drop the row"),
    Case("history-schedule",
         ((EVENTS, "", BRIDGE.replace("2024-01-01", "2024-01-01\n  scheduled_on: 2025-06-01")
           .replace("pacts-signed", "deadlines-kept")), BRIDGE_TO_TOLL,
          (HISTORY, "", "2025-05-01,bridge-built,occurred,,Gazette,confirmed,\n")),
         HISTORY, ("2025-05-01",), "bridge-built occurred on 2025-05-01, before its date 2025-06-01", "mend the date"),
    Case("history-order", ((EFFECTS, PLAIN_EFFECT, "acts: enables"),
                           (HISTORY, "", "2025-01-05,toll-raised,occurred,,Gazette,confirmed,\n")), HISTORY,
         ("2025-01-05",), "toll-raised occurred on 2025-01-05, but pact-signed, which enables it, has not occurred",
         "row of pact-signed", also=("scenario-possible",)),
    Case("grades-complete", ((GRADES, "strength,strong,", "strength,stong,"),), GRADES, (),
         "no row for strength strong", "add it"),
    Case("grades-values", ((GRADES, "strength,weak,1.3", "strength,weak,0.7"),), GRADES, ("strength,weak",),
         "strength weak is 0.7, not above 1", "rise"),
    Case("coding-fields", (LISTED, coding("kind: judgement", "kind: judgment")), CODING, ("kind:",),
         "coding k-001: kind is 'judgment'", "write one of 'judgement', 'fact'"),
    Case("coding-anchor", (LISTED, coding("paragraph: 1", "paragraph: 2")), CODING, ("- id: k-001",),
         "coding k-001: the anchor does not fit its seal", "write the span again"),
    Case("coding-target", (LISTED, coding("[pact-signed]", "[toll-raised]")), CODING, ("- id: k-001",),
         "coding k-001: no target 'toll-raised'", "on the list: pact-signed, upper-hand"),
    Case("coding-words", (LISTED, coding("nearest: likely", "nearest: quite likely")), CODING, ("- id: k-001",),
         "coding k-001: lexicon 'plain' has no wording 'quite likely'", "It knows: likely, unlikely"),
]  # fmt: skip
