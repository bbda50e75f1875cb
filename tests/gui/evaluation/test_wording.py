from PySide6.QtCore import QLocale

from engine.evaluation.metrics import FIGURES
from engine.evaluation.reports import RANKINGS
from engine.search.fusion import NORMALISATIONS, Fusion
from gui.evaluation.wording import (
    decimal,
    figure_names,
    fusion_name,
    normalisation_names,
    ranking_names,
)


def test_everything_has_a_name_of_its_own() -> None:
    for names, keys in (
        (ranking_names(), RANKINGS),
        (figure_names(), FIGURES),
        (normalisation_names(), NORMALISATIONS),
    ):
        assert tuple(names) == keys
        assert len(set(names.values())) == len(keys)


def test_a_fusion_is_named_with_the_weight_of_openclip_first() -> None:
    assert fusion_name(Fusion("zscore", (0.6, 0.4))) == "z-score 0.6 : 0.4"
    assert fusion_name(Fusion("none", (1, 0))) == "Raw cosine 1 : 0"


def test_numbers_are_written_as_in_the_language_of_the_window() -> None:
    assert decimal(18.27) == "18.3"
    before = QLocale()
    QLocale.setDefault(QLocale("vi_VN"))
    try:
        assert decimal(18.27) == "18,3"
        assert fusion_name(Fusion("rrf", (0.65, 0.35))) == "RRF 0,65 : 0,35"
    finally:
        QLocale.setDefault(before)
