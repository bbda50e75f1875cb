"""What the window says of models: sizes, times, languages, recalls."""

from PySide6.QtCore import QLocale, QObject

from engine.models.checkpoint import Checkpoint, Recall
from engine.models.download import DownloadReport
from engine.models.recommending import download_bytes
from engine.models.translator import Translator
from gui.coming_pair import Coming
from gui.models.facts import Record

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
MANY_LANGUAGES = 4  # more are counted


def data_size(size: int) -> str:
    """A number of bytes for people."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def percent(share: float) -> str:
    """A share of 100 with one decimal."""
    return QLocale().toString(float(share), "f", 1) + " %"


def known_size(record: Record) -> tuple[int | None, bool]:
    """Bytes of all files, and whether that is exact; None where nobody can tell."""
    sizes = [file.size for file in record.files]
    if all(size is not None for size in sizes):
        return sum(size or 0 for size in sizes), True
    if isinstance(record, Checkpoint):
        return download_bytes(record), False
    return (record.download_mb * 10**6 if record.download_mb else None), False


def best_recall(record: Checkpoint) -> Recall | None:
    """The figure that says most to somebody who types Vietnamese: R@1 of Vietnamese texts."""
    ranked = sorted(record.recalls, key=lambda each: (each.language != "vi", each.rank))
    return ranked[0] if ranked else None


class ModelWords(QObject):
    """Says things of models in the language of the window."""

    def purpose(self, record: Record, *, bundled: bool = False) -> str:
        """What it is good for."""
        if isinstance(record, Translator):
            return self.tr("Translates what you type for encoders that know English only")
        if bundled:
            return self.tr("Comes with the program: small and quick, and finds coarse things")
        if record.knows("vi"):
            return self.tr("Understands what you type in Vietnamese")
        return self.tr("Understands English: a translator turns your Vietnamese into it first")

    def languages(self, codes: tuple[str, ...]) -> str:
        """The languages of a text side, Vietnamese first."""
        ordered = sorted(codes, key=lambda code: (code != "vi", code != "en"))
        names = [self.language(code) for code in ordered]
        if len(names) <= MANY_LANGUAGES:
            return ", ".join(names)
        return self.tr("%Ln language(s), with {first}", "", len(names)).format(first=names[0])

    def language(self, code: str) -> str:
        """The name of a language by its ISO 639-1 code."""
        names = {"vi": self.tr("Vietnamese"), "en": self.tr("English")}
        return names.get(code) or QLocale(code).nativeLanguageName() or code

    def size(self, record: Record) -> str:
        """How much is fetched."""
        size, is_exact = known_size(record)
        if size is None:
            return self.tr("size unknown")
        return data_size(size) if is_exact else self.tr("about {size}").format(size=data_size(size))

    def memory(self, record: Record) -> str:
        """How much memory it takes."""
        return self.tr("{size} of memory").format(size=data_size(record.memory_mb * 2**20))

    def recall(self, record: Checkpoint) -> str:
        """How well it finds photos; of different test sets no two figures compare."""
        recall = best_recall(record)
        if recall is None:
            return self.tr("recall not measured")
        return self.tr("R@{rank} {percent} ({language}, {data})").format(
            rank=recall.rank,
            percent=percent(recall.percent),
            language=self.language(recall.language),
            data=recall.data,
        )

    def recall_source(self, recall: Recall) -> str:
        """Where a figure comes from."""
        return self.tr(
            "{percent} of the {language} texts of {data} find their photo among the first {rank}. "
            "Source: {source}"
        ).format(
            percent=percent(recall.percent),
            language=self.language(recall.language),
            data=recall.data,
            rank=recall.rank,
            source=recall.source,
        )

    def duration(self, seconds: float) -> str:
        """A time, no finer than it can be known."""
        if seconds < 10:
            return self.tr("a few seconds")
        if seconds < _MINUTE - 5:  # which is a minute in tens of seconds
            return self.tr("%Ln second(s)", "", round(seconds / 10) * 10)
        if seconds < 2 * _HOUR:
            return self.tr("%Ln minute(s)", "", round(seconds / _MINUTE))
        if seconds < 2 * _DAY:
            return self.tr("%Ln hour(s)", "", round(seconds / _HOUR))
        return self.tr("%Ln day(s)", "", round(seconds / _DAY))

    def embedding_time(self, seconds: float) -> str:
        """How long a library takes; nobody has tried, so it is said to be a guess."""
        return self.tr("about {time} for your photos (estimate)").format(
            time=self.duration(seconds)
        )

    def download(self, report: DownloadReport) -> str:
        """How far a download is."""
        steps = {
            "connecting": self.tr("Connecting…"),
            "checking": self.tr("Checking what has arrived…"),
            "converting": self.tr("Making it ready for use…"),
        }
        if report.step in steps:
            return steps[report.step]
        return " · ".join(self._parts(report))

    def coming(self, coming: Coming) -> str:
        """How far a pair is that is being prepared."""
        done = QLocale().toString(coming.done)
        if coming.offline and coming.done + coming.offline >= coming.total:
            return self.tr("%Ln photo(s) wait for their drive", "", coming.offline)
        return self.tr("{done} of %Ln photo(s) embedded", "", coming.total).format(done=done)

    def _parts(self, report: DownloadReport) -> list[str]:
        done = data_size(report.done)
        if report.total is None:
            parts = [self.tr("{done} fetched").format(done=done)]
        else:
            of = self.tr("{done} of {total}").format(done=done, total=data_size(report.total))
            parts = [f"{100 * report.done // max(report.total, 1)} %", of]
        if report.rate:
            parts.append(self.tr("{size}/s").format(size=data_size(int(report.rate))))
        if report.seconds_left is not None:
            left = self.tr("{time} left").format(time=self.duration(report.seconds_left))
            parts.append(left)
        return parts
