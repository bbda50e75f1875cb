"""What several sub-commands share: where the library is, progress, sentences about it."""

import argparse
import sys
from collections.abc import Generator, Iterable
from pathlib import Path

from tqdm import tqdm

from engine.indexing.adding import AddReport
from engine.indexing.embedding import EmbedReport
from engine.paths import default_library_folder, shown_path


def library_folder(parsed: argparse.Namespace) -> Path:
    """The library that `--library` names, else the user's own."""
    return (parsed.library or default_library_folder()).absolute()


def say(text: str) -> None:
    """Tell the user something that is not the result: on standard error."""
    print(text, file=sys.stderr)


class Progress:
    """Bars with rate and time left for what the engine reports."""

    def __init__(self) -> None:
        self.added: list[AddReport] = []  # the latest report of each pass over a folder
        self.embedded: EmbedReport | None = None
        self._bar: tqdm[None] | None = None

    def follow(self, reports: Iterable[AddReport | EmbedReport]) -> None:
        """Run the work to its end, showing how far it is."""
        try:
            for report in reports:
                self.show(report)
        finally:
            self.close()
            if isinstance(reports, Generator):  # stopped here by Ctrl-C, it has yet to save
                reports.close()

    def show(self, report: AddReport | EmbedReport) -> None:
        """Show one report."""
        if isinstance(report, AddReport):
            self._show_added(report)
        else:
            self._show_embedded(report)

    def _show_added(self, report: AddReport) -> None:
        if not self.added or self.added[-1].finished:
            self.added.append(report)
            self.close()
            self._bar = tqdm(desc="Finding photos", unit=" photos", leave=False)
        self.added[-1] = report
        self._advance(report.seen, report.finished)

    def _show_embedded(self, report: EmbedReport) -> None:
        if not report.ids:  # the first of a run
            self.close()
            if report.total:
                self._bar = tqdm(desc="Embedding", unit=" photos", total=report.total)
        self.embedded = report
        tried = report.done + report.failed
        self._advance(tried, tried >= report.total)

    def _advance(self, to: int, finished: bool) -> None:
        if self._bar is not None:
            self._bar.update(to - self._bar.n)
        if finished:  # what is watched may be quiet for days: the bar shall not stand at 99 %
            self.close()

    def close(self) -> None:
        """Leave the terminal tidy; a later report begins a new bar."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None


def counted(number: int, thing: str) -> str:
    """Such as “1 photo”, “2,000 photos”."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def sentences(report: AddReport) -> list[str]:
    """What a user should know of what was found in a folder."""
    folder = shown_path(report.folder.path)
    if report.offline:
        return [f"{folder} cannot be reached (an unplugged drive?); none of its photos is removed."]
    counts = {
        "new": report.added,
        "moved or renamed": report.moved,
        "changed": report.changed,
        "back again": report.returned,
        "gone": report.missing,
    }
    told = [f"{count:,} {what}" for what, count in counts.items() if count]
    seen = counted(report.seen, "photo file") if report.seen else "no photos"
    lines = [f"{folder}: {', '.join([seen, *told])}."]
    if report.unreadable:
        lines.append(f"{counted(report.unreadable, 'folder')} in it could not be read.")
    if report.held_back:
        lines.append(
            f"Suddenly missing: {counted(report.held_back, 'photo')} of {folder}, more than a "
            "fifth; nothing was removed. If they are gone for good, index it with --remove-missing."
        )
    return lines
