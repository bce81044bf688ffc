"""Phrases: English texts that keep the template they were made of."""

import copy
import pickle

from metrics.stats.phrases import Phrase

PHRASE = Phrase("expected %(limit)s, not %(found)s", limit=9, found=Phrase("100 %% of it"))


def test_phrase_is_its_words_in_english() -> None:
    assert PHRASE == "expected 9, not 100 % of it"
    assert f"line 2: {PHRASE}" == "line 2: expected 9, not 100 % of it"


def test_phrase_keeps_template_and_params() -> None:
    assert PHRASE.template == "expected %(limit)s, not %(found)s"
    assert PHRASE.params["limit"] == 9
    assert PHRASE.params["found"].template == "100 %% of it"


def test_phrase_survives_copies_and_storage() -> None:
    for again in (copy.deepcopy(PHRASE), pickle.loads(pickle.dumps(PHRASE))):  # noqa: S301
        assert (again, again.template, again.params) == (PHRASE, PHRASE.template, PHRASE.params)
