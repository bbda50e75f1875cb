"""From the dialog to another pair in use, with real downloads from this machine."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.inference.messages import Machine
from engine.library.library import Library
from engine.models.checkpoint import Checkpoint
from engine.models.installed import find_installed
from engine.models.installed_translators import InstalledTranslator
from engine.models.recommending import Recommendation
from engine.workspace import pair_in_use, use_pair
from gui.coming_pair import Coming
from gui.message_bar import MessageBar
from gui.models import facts as reading
from gui.models.control import ModelsControl
from gui.models.getting import SETTING, Wishes
from gui.models.model_card import ModelCard
from gui.models_dialog import ModelsDialog
from gui.session import Session
from gui.tasks import TaskRunner
from tests.engine.models.site import Site, refusing, silent

Records = tuple[Checkpoint, Checkpoint]
PATIENCE = 60_000


@pytest.fixture
def session(
    qtbot: QtBot,
    library_folder: Path,
    larger: Records,
    tasks: TaskRunner,
    errors: list[Exception],
) -> Iterator[Session]:
    """A library that is searched with the tiny pair."""
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(errors.append)
    with qtbot.waitSignal(session.ready, timeout=PATIENCE):
        session.start()
    yield session
    session.close()


@pytest.fixture
def embedded(qtbot: QtBot, session: Session, album: Path) -> None:
    """Ten photos of it."""
    with qtbot.waitSignal(session.queue_emptied, timeout=PATIENCE):
        session.add([os.fsencode(album)])


@pytest.fixture
def messages(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def control(
    qtbot: QtBot, session: Session, tasks: TaskRunner, messages: MessageBar, checkpoints: Path
) -> ModelsControl:
    window = QWidget()
    qtbot.addWidget(window)
    offered = str(checkpoints / "tiny-beit3")
    made = ModelsControl(session, tasks, messages, window, lambda parent, title: offered)
    qtbot.addWidget(made.strip)
    return made


def opened(qtbot: QtBot, control: ModelsControl) -> ModelsDialog:
    control.open()
    dialog = control.dialog
    assert dialog
    qtbot.waitUntil(lambda: bool(dialog.cards), timeout=PATIENCE)
    return dialog


def card(dialog: ModelsDialog, name: str) -> ModelCard:
    return dialog.cards[name]


def until_state(qtbot: QtBot, dialog: ModelsDialog, name: str, state: str) -> None:
    qtbot.waitUntil(lambda: card(dialog, name).offer.state == state, timeout=PATIENCE)


def answer(dialog: ModelsDialog, text: str) -> None:
    box = [each for each in dialog.findChildren(QMessageBox) if each.isVisible()][-1]
    next(each for each in box.findChildren(QPushButton) if each.text() == text).click()


def pair_names(session: Session) -> list[str]:
    return [checkpoint.record.name for checkpoint in session.pair or ()]


def test_opening_the_dialog_asks_nobody_for_anything(
    qtbot: QtBot, control: ModelsControl, site: Site
) -> None:
    dialog = opened(qtbot, control)
    assert card(dialog, "larger-openclip").offer.state == "to be had"
    assert site.asked == site.headed == []


def test_one_button_downloads_embeds_and_switches(
    qtbot: QtBot,
    control: ModelsControl,
    session: Session,
    larger: Records,
    embedded: None,
    monkeypatch: pytest.MonkeyPatch,
    errors: list[Exception],
) -> None:
    recommendation = Recommendation(*larger, ("They suit this machine.",))
    monkeypatch.setattr(reading, "recommend", lambda machine, here: recommendation)
    dialog = opened(qtbot, control)
    with qtbot.waitSignal(session.pair_switched, timeout=PATIENCE):
        dialog.recommendation.button.click()
        assert dialog.recommendation.button.text() == "Cancel"
        dialog.close()  # it goes on without it
    assert pair_names(session) == ["larger-openclip", "larger-beit3"]
    dialog = opened(qtbot, control)
    until_state(qtbot, dialog, "larger-beit3", "in use")
    assert card(dialog, "tiny-beit3").offer.state == "here"
    assert card(dialog, "tiny-beit3").offer.photos == 10
    assert not errors


def test_one_encoder_is_changed_and_the_other_stays(
    qtbot: QtBot, control: ModelsControl, session: Session
) -> None:
    dialog = opened(qtbot, control)
    card(dialog, "larger-beit3").button.click()
    until_state(qtbot, dialog, "larger-beit3", "here")
    with qtbot.waitSignal(session.pair_switched, timeout=PATIENCE):
        card(dialog, "larger-beit3").button.click()
    assert pair_names(session) == ["tiny-openclip", "larger-beit3"]


def test_a_copy_from_a_folder_needs_no_network(
    qtbot: QtBot, control: ModelsControl, site: Site
) -> None:
    dialog = opened(qtbot, control)
    card(dialog, "larger-beit3").wanted.emit("copy")
    until_state(qtbot, dialog, "larger-beit3", "here")
    assert site.asked == []


def test_a_failure_is_told_where_the_user_looks(
    qtbot: QtBot, control: ModelsControl, site: Site, messages: MessageBar, larger: Records
) -> None:
    good = dict(site.answers)
    site.answers = {path: refusing(404) for path in good}
    dialog = opened(qtbot, control)
    card(dialog, "larger-beit3").button.click()
    until_state(qtbot, dialog, "larger-beit3", "failed")
    assert "404" in card(dialog, "larger-beit3").note.label.text()
    assert not messages.sentences
    dialog.close()
    with qtbot.waitSignal(control.downloads.failed, timeout=PATIENCE):
        control.getting.get([larger[1]])
    assert "larger-beit3 was not downloaded." in messages.label.text()
    site.answers = good
    with qtbot.waitSignal(control.downloads.arrived, timeout=PATIENCE):
        messages.action_button.click()


def test_a_failure_is_no_longer_told_once_it_has_arrived(
    qtbot: QtBot, control: ModelsControl, site: Site, messages: MessageBar, larger: Records
) -> None:
    good = dict(site.answers)
    site.answers = {path: refusing(404) for path in good}
    with qtbot.waitSignal(control.downloads.failed, timeout=PATIENCE):
        control.getting.get([larger[1]])
    messages.tell("Something else.", lasting=True)
    site.answers = good
    with qtbot.waitSignal(control.downloads.arrived, timeout=PATIENCE):
        control.getting.get([larger[1]])
    assert messages.sentences == ["Something else."]


def test_a_closed_dialog_leaves_a_strip_that_cancels(
    qtbot: QtBot, control: ModelsControl, site: Site, larger: Records, session: Session
) -> None:
    site.answers[f"/larger-openclip/{larger[0].weights.name}"] = silent(site)
    control.getting.get([larger[0]])
    assert not control.strip.isHidden()
    assert "larger-openclip" in control.strip.label.text()
    control.strip.cancel_button.click()
    assert control.strip.isHidden()
    assert control.downloads.under_way == []


def test_a_download_goes_on_when_the_library_is_opened_again(
    qtbot: QtBot,
    session: Session,
    tasks: TaskRunner,
    messages: MessageBar,
    larger: Records,
    library_folder: Path,
) -> None:
    wishes = {"fetched": ["larger-beit3"], "use": {"beit3": "larger-beit3"}, "missing": []}
    wishes["missing"] = ["larger-beit3"]
    written: list[None] = []
    session.write(lambda library: library.remember(SETTING, json.dumps(wishes)), written.append)
    qtbot.waitUntil(lambda: bool(written), timeout=PATIENCE)
    window = QWidget()
    qtbot.addWidget(window)
    control = ModelsControl(session, tasks, messages, window)
    qtbot.addWidget(control.strip)
    with qtbot.waitSignal(session.pair_switched, timeout=PATIENCE):
        session.opened.emit(None)
    assert pair_names(session) == ["tiny-openclip", "larger-beit3"]

    def is_settled() -> bool:
        with Library.open_to_read(library_folder) as library:
            kept = json.loads(library.setting(SETTING) or "")
        return bool(kept == {"fetched": [], "use": {}, "missing": []})

    qtbot.waitUntil(is_settled, timeout=PATIENCE)


def test_files_are_deleted_when_the_user_says_so(
    qtbot: QtBot, control: ModelsControl, checkpoints: Path
) -> None:
    dialog = opened(qtbot, control)
    card(dialog, "larger-beit3").button.click()
    until_state(qtbot, dialog, "larger-beit3", "here")
    card(dialog, "larger-beit3").wanted.emit("delete files")
    answer(dialog, "Cancel")
    assert (checkpoints / "larger-beit3").exists()
    card(dialog, "larger-beit3").wanted.emit("delete files")
    answer(dialog, "Delete")
    until_state(qtbot, dialog, "larger-beit3", "to be had")
    assert not (checkpoints / "larger-beit3").exists()


def test_files_on_another_disk_are_deleted_as_well(
    qtbot: QtBot,
    control: ModelsControl,
    checkpoints: Path,
    tmp_path: Path,
    larger: Records,
    errors: list[Exception],
) -> None:
    with qtbot.waitSignal(control.downloads.arrived, timeout=PATIENCE):
        control.getting.get([larger[1]])
    elsewhere, folder = tmp_path / "another disk", checkpoints / "larger-beit3"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere, target_is_directory=True)
    dialog = opened(qtbot, control)
    card(dialog, "larger-beit3").wanted.emit("delete files")
    answer(dialog, "Delete")
    qtbot.waitUntil(lambda: bool(errors) or not folder.is_symlink(), timeout=PATIENCE)
    assert not errors
    until_state(qtbot, dialog, "larger-beit3", "to be had")


def test_embeddings_are_deleted_when_the_user_says_so(
    qtbot: QtBot, control: ModelsControl, session: Session, embedded: None
) -> None:
    dialog = opened(qtbot, control)
    card(dialog, "larger-beit3").button.click()
    until_state(qtbot, dialog, "larger-beit3", "here")
    with qtbot.waitSignal(session.pair_switched, timeout=PATIENCE):
        card(dialog, "larger-beit3").button.click()
    until_state(qtbot, dialog, "tiny-beit3", "here")
    kept = card(dialog, "tiny-beit3").offer.embeddings
    assert kept
    assert kept.photos == 10
    card(dialog, "tiny-beit3").wanted.emit("delete embeddings")
    (box,) = dialog.findChildren(QMessageBox)
    assert "10 photo(s)" in box.informativeText()
    answer(dialog, "Delete")
    qtbot.waitUntil(lambda: card(dialog, "tiny-beit3").offer.embeddings is None, timeout=PATIENCE)


def test_a_translator_that_arrives_or_goes_is_used_at_once(
    qtbot: QtBot, control: ModelsControl, session: Session, translator: InstalledTranslator
) -> None:
    assert session.tools
    with qtbot.waitSignal(session.translator_changed, timeout=PATIENCE):
        control.downloads.arrived.emit(translator.record.name)
    assert session.tools.models.translator == translator
    dialog = opened(qtbot, control)
    until_state(qtbot, dialog, translator.record.name, "in use")
    card(dialog, translator.record.name).wanted.emit("delete files")
    with qtbot.waitSignal(session.translator_changed, timeout=PATIENCE):
        answer(dialog, "Delete")
    assert session.tools.models.translator is None


@pytest.fixture
def broken(
    qtbot: QtBot, library_folder: Path, larger: Records, tasks: TaskRunner
) -> Iterator[Session]:
    """A library whose pair in use is no longer on this machine."""
    with Library.open(library_folder) as library:
        use_pair(library, {"openclip": "gone", "beit3": "gone as well"})
    session = Session(library_folder, tasks, Machine())
    with qtbot.waitSignal(session.failed, timeout=PATIENCE):
        session.start()
    yield session
    session.close()


def test_a_pair_that_is_downloaded_replaces_one_that_is_not_here(
    qtbot: QtBot,
    broken: Session,
    tasks: TaskRunner,
    messages: MessageBar,
    larger: Records,
    library_folder: Path,
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    control = ModelsControl(broken, tasks, messages, window)
    qtbot.addWidget(control.strip)
    pair: dict[str, str] = {record.family: record.name for record in larger}
    with qtbot.waitSignal(control.reopen_wanted, timeout=PATIENCE):
        control.getting.get(larger, pair)
    with Library.open_to_read(library_folder) as library:
        assert [each.record.name for each in pair_in_use(library)] == list(pair.values())
        assert json.loads(library.setting(SETTING) or "")["use"] == {}


def test_a_pair_chosen_while_the_library_is_being_opened_waits_for_that(
    qtbot: QtBot,
    library_folder: Path,
    larger: Records,
    tasks: TaskRunner,
    messages: MessageBar,
) -> None:
    session = Session(library_folder, tasks, Machine())
    window = QWidget()
    qtbot.addWidget(window)
    control = ModelsControl(session, tasks, messages, window)
    qtbot.addWidget(control.strip)
    with qtbot.waitSignal(control.downloads.arrived, timeout=PATIENCE):
        control.getting.get([larger[1]])
    with (
        qtbot.assertNotEmitted(control.reopen_wanted),
        qtbot.waitSignal(session.pair_switched, timeout=PATIENCE),
    ):
        control._use(larger[1])
        session.start()
    assert pair_names(session) == ["tiny-openclip", "larger-beit3"]
    session.close()


def test_what_is_wanted_before_the_wishes_are_read_is_not_lost(
    qtbot: QtBot, session: Session, control: ModelsControl, larger: Records
) -> None:
    with qtbot.waitSignal(session.pair_switched, timeout=PATIENCE):
        control.getting.get([larger[1]], {"beit3": "larger-beit3"})
        control.getting._go_on(Wishes(("larger-openclip",)))
        names = [each.record.name for each in control.downloads.under_way]
        assert names == ["larger-beit3", "larger-openclip"]
    assert pair_names(session) == ["tiny-openclip", "larger-beit3"]


def test_one_that_is_used_when_it_arrives_keeps_the_other_that_is_to_come(
    qtbot: QtBot, session: Session, control: ModelsControl, larger: Records
) -> None:
    with qtbot.waitSignal(control.downloads.arrived, timeout=PATIENCE):
        control.getting.get([larger[0]])
    assert session.pair
    session.coming = Coming((find_installed("larger-openclip"), session.pair[1]), 0, 1)
    with qtbot.waitSignal(session.pair_switched, timeout=PATIENCE):
        control.getting.get([larger[1]], {"beit3": "larger-beit3"})
    assert pair_names(session) == ["larger-openclip", "larger-beit3"]
