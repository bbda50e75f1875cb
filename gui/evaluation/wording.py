"""Names of rankings, normalisations and fusions as the evaluation panel shows them."""

from PySide6.QtCore import QCoreApplication, QLocale

from engine.evaluation.metrics import FIGURES
from engine.evaluation.reports import RANKINGS
from engine.search.fusion import NORMALISATIONS, Fusion, Normalisation


def ranking_names() -> dict[str, str]:
    """The three rankings, by their keys."""
    names = ("OpenCLIP", "BEiT3", QCoreApplication.translate("Evaluation", "Fused"))
    return dict(zip(RANKINGS, names, strict=True))


def figure_names() -> dict[str, str]:
    """The five figures, by their keys."""
    names = (
        "R@1",
        "R@5",
        "R@10",
        QCoreApplication.translate("Evaluation", "Mean rank"),
        QCoreApplication.translate("Evaluation", "Median rank"),
    )
    return dict(zip(FIGURES, names, strict=True))


def normalisation_names() -> dict[Normalisation, str]:
    """The normalisations, by their keys."""
    names = (
        QCoreApplication.translate("Evaluation", "Raw cosine"),
        QCoreApplication.translate("Evaluation", "z-score"),
        QCoreApplication.translate("Evaluation", "Min-max"),
        "RRF",
    )
    return dict(zip(NORMALISATIONS, names, strict=True))


def fusion_name(fusion: Fusion) -> str:
    """Such as "z-score 0.6 : 0.4"; OpenCLIP's weight comes first."""
    weights = " : ".join(QLocale().toString(float(weight), "g", 3) for weight in fusion.weights)
    return f"{normalisation_names()[fusion.normalisation]} {weights}"


def decimal(value: float) -> str:
    """A figure with one decimal."""
    return QLocale().toString(float(value), "f", 1)
