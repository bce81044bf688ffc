"""Stems are those of Snowball's English."""

import pytest

from cases.search.stems import stem

# What Snowball answers, in every version of it: https://snowballstem.org/algorithms/english/
STEMS = {
    "banks": "bank", "banking": "bank", "loans": "loan", "lending": "lend", "lenders": "lender",
    "users": "user", "companies": "compani", "company": "compani", "growth": "growth",
    "insurance": "insur", "insured": "insur", "technologies": "technolog", "risk": "risk",
    "technological": "technolog", "paid": "paid", "studies": "studi", "ties": "tie", "tied": "tie",
    "cries": "cri", "gas": "gas", "this": "this", "kiwis": "kiwi", "gaps": "gap", "agreed": "agre",
    "feed": "feed", "plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing",
    "conflated": "conflat", "troubled": "troubl", "sized": "size", "hopping": "hop",
    "hoping": "hope", "falling": "fall", "happy": "happi", "say": "say", "by": "by",
    "relational": "relat", "conditional": "condit", "digitizer": "digit", "vileli": "vile",
    "operator": "oper", "hopefulness": "hope", "callousness": "callous", "sensibiliti": "sensibl",
    "triplicate": "triplic", "electrical": "electr", "goodness": "good", "revival": "reviv",
    "allowance": "allow", "adjustable": "adjust", "replacement": "replac", "adoption": "adopt",
    "effective": "effect", "rate": "rate", "cease": "ceas", "controlling": "control",
    "roll": "roll", "skies": "sky", "dying": "die", "news": "news", "proceeds": "proceed",
    "generously": "generous", "communication": "communic", "sense": "sens", "analogies": "analog",
    "youth": "youth", "p2p": "p2p", "微": "微", "épargne": "épargne",
}  # fmt: skip


@pytest.mark.parametrize(("word", "expected"), STEMS.items())
def test_word_has_the_stem_of_snowball(word: str, expected: str) -> None:
    assert stem(word) == expected
