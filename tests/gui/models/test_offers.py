from dataclasses import replace
from pathlib import Path

from engine.library.embeddings import CheckpointEmbeddings
from engine.models.checkpoint import Checkpoint, Recall
from engine.models.download import DownloadReport
from engine.models.installed import InstalledCheckpoint
from engine.models.recommending import Recommendation
from engine.models.translators import TRANSLATORS
from gui.models.downloads import Download
from gui.models.facts import Facts
from gui.models.offers import Offer, Status, offers

Records = tuple[Checkpoint, Checkpoint]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


def by_name(facts: Facts, status: Status) -> dict[str, Offer]:
    return {offer.name: offer for offer in offers(facts, status)}


def test_everything_that_can_be_had_is_offered_once(
    facts: Facts, status: Status, larger: Records
) -> None:
    made = offers(facts, status)
    assert {offer.name for offer in made} == {
        *("tiny-openclip", "tiny-beit3", "larger-openclip", "larger-beit3"),
        *(record.name for record in TRANSLATORS),
    }
    assert len(made) == len({offer.name for offer in made})


def test_states_follow_what_goes_on(facts: Facts, status: Status, larger: Records) -> None:
    report = DownloadReport("downloading", "w", 1, 2, None)
    running = {"larger-openclip": Download(larger[0], report), "larger-beit3": Download(larger[1])}
    made = by_name(facts, replace(status, find_download=running.get))
    assert made["tiny-openclip"].state == made["tiny-beit3"].state == "in use"
    assert made["larger-openclip"].state == "downloading"
    assert made["larger-beit3"].state == "waiting"
    failed = {"larger-openclip": Download(larger[0], error="The disk is full.")}
    assert by_name(facts, replace(status, find_download=failed.get))["larger-openclip"].state == (
        "failed"
    )
    assert by_name(facts, status)["larger-openclip"].state == "to be had"


def test_what_is_here_is_prepared_where_it_is_to_come(
    facts: Facts, status: Status, larger: Records, tiny_pair: Pair
) -> None:
    there = replace(
        facts,
        installed={
            **facts.installed,
            "larger-beit3": InstalledCheckpoint(larger[1], tiny_pair[1].folder),
        },
    )
    assert by_name(there, status)["larger-beit3"].state == "here"
    coming = replace(there, coming={"openclip": "tiny-openclip", "beit3": "larger-beit3"})
    made = by_name(coming, status)
    assert made["larger-beit3"].state == "preparing"
    assert made["tiny-openclip"].state == "in use"


def test_the_cost_is_that_of_the_whole_library(
    facts: Facts, status: Status, larger: Records
) -> None:
    few = by_name(facts, status)["larger-openclip"].seconds
    many = by_name(replace(facts, photos=1000), status)["larger-openclip"].seconds
    assert few
    assert many
    assert round(many / few) == 10


def test_a_measured_figure_warns_and_not_the_letters(
    facts: Facts, status: Status, larger: Records
) -> None:
    poor = replace(larger[0], recalls=(Recall("vi", "Crossmodal-3600", 1, 1.5, "them"),))
    with_poor = {"tiny-openclip": InstalledCheckpoint(replace(poor, name="tiny-openclip"), Path())}
    made = by_name(replace(facts, installed={**facts.installed, **with_poor}), status)
    assert made["tiny-openclip"].poor
    assert made["larger-openclip"].poor is None


def test_an_encoder_of_english_needs_a_translator_until_there_is_one(
    facts: Facts, status: Status, tiny_pair: Pair
) -> None:
    english = replace(tiny_pair[1].record, languages=("en",))
    installed = {**facts.installed, "tiny-beit3": InstalledCheckpoint(english, Path())}
    lacking = replace(facts, installed=installed)
    assert by_name(lacking, status)["tiny-beit3"].needs_translator
    assert not by_name(lacking, status)["tiny-openclip"].needs_translator
    has = replace(lacking, translator=TRANSLATORS[0].name)
    assert not by_name(has, status)["tiny-beit3"].needs_translator
    assert by_name(has, status)[TRANSLATORS[0].name].state == "in use"


def test_what_is_recommended_comes_with_the_translator_it_needs(
    facts: Facts, status: Status, larger: Records
) -> None:
    english = replace(larger[1], languages=("en",))
    wanting = replace(facts, recommendation=Recommendation(larger[0], english, ()))
    assert [record.name for record in wanting.recommended] == [
        *("opus-mt-vi-en", "larger-openclip", "larger-beit3")
    ]
    understood = replace(facts, recommendation=Recommendation(*larger, ()))
    assert understood.recommended == larger
    assert by_name(understood, status)["larger-openclip"].recommended


def test_those_in_use_come_first_then_those_that_are_recommended(
    facts: Facts, status: Status, larger: Records
) -> None:
    wanting = replace(facts, recommendation=Recommendation(larger[0], None, ()))
    names = [offer.name for offer in offers(wanting, status)]
    assert set(names[:2]) == {"tiny-openclip", "tiny-beit3"}
    assert names[2] == "larger-openclip"


def test_embeddings_are_those_of_the_installed_weights(
    facts: Facts, status: Status, tiny_pair: Pair
) -> None:
    kept = CheckpointEmbeddings(tiny_pair[0].key, 7, 448)
    made = by_name(replace(facts, embeddings={kept.key: kept}), status)
    assert made["tiny-openclip"].embeddings == kept
    assert made["tiny-beit3"].embeddings is None
