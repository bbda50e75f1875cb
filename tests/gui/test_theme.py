from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.icons import ICONS
from gui.palettes import CONTRAST, DARK, LIGHT, Colours


@pytest.fixture(autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    """Leave the look of the program to other tests as it was."""
    palette = qapp.palette()
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


def luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor | str, other: QColor | str) -> float:
    """As the Web Content Accessibility Guidelines measure it."""
    darker, lighter = sorted(luminance(QColor(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
def test_every_text_can_be_read_on_its_background(colours: Colours) -> None:
    for background in (colours.window, colours.base, colours.button, colours.hover):
        assert contrast(colours.text, background) >= 7
        assert contrast(colours.link, background) >= 4.5
    for background in (colours.window, colours.base):
        assert contrast(colours.placeholder, background) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_tip, colours.tip) >= 7
    assert contrast(colours.accent, colours.base) >= 3


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
def test_every_token_stands_out_from_every_background(colours: Colours) -> None:
    for token in (
        theme.OPENCLIP_COLOUR,
        theme.BEIT3_COLOUR,
        theme.SUCCESS_COLOUR,
        theme.WARNING_COLOUR,
        theme.DANGER_COLOUR,
        theme.FAVOURITE_COLOUR,
    ):
        assert contrast(token, colours.base) >= 3
        assert contrast(token, colours.window) >= 2.9


def test_high_contrast_is_high() -> None:
    assert contrast(CONTRAST.text, CONTRAST.window) > 20
    assert contrast(CONTRAST.accent, CONTRAST.base) >= 7
    assert contrast(CONTRAST.border, CONTRAST.window) > 20


@pytest.mark.parametrize(
    ("name", "colours"), [("light", LIGHT), ("dark", DARK), ("contrast", CONTRAST)]
)
def test_a_theme_reaches_every_widget(
    qapp: QApplication, qtbot: QtBot, name: theme.ThemeName, colours: Colours
) -> None:
    theme.apply(qapp, name)
    label = QLabel("chữ")
    qtbot.addWidget(label)
    assert label.palette().color(QPalette.ColorRole.Window) == QColor(colours.window)
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(colours.text)
    assert colours.accent in qapp.styleSheet()


def test_a_theme_can_be_changed_while_widgets_are_shown(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(40, 40)
    page.show()
    theme.apply(qapp, "dark")
    assert page.grab().toImage().pixelColor(20, 20) == QColor(DARK.window)


def window_colour(app: QApplication) -> str:
    return app.palette().color(QPalette.ColorRole.Window).name()


def test_the_system_s_scheme_is_followed_when_it_changes(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    hints = qapp.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window_colour(qapp) == DARK.window
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert window_colour(qapp) == CONTRAST.window
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert window_colour(qapp) == LIGHT.window


def test_a_chosen_theme_stays_when_the_system_changes(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window_colour(qapp) == LIGHT.window


def test_the_same_theme_twice_is_one_look(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    theme.apply(qapp, "dark")
    followers = [child for child in qapp.children() if isinstance(child, theme._Follower)]
    assert len(followers) == 1


def test_the_style_sheet_has_no_fault(
    qapp: QApplication, qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    theme.apply(qapp, "light")
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    combo = QComboBox()
    layout.addWidget(combo)
    page.grab()
    assert "stylesheet" not in capfd.readouterr().err
    assert "$" not in qapp.styleSheet()


def test_its_pictures_are_there(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    urls = [part.split('")')[0] for part in qapp.styleSheet().split('url("')[1:]]
    assert len(urls) >= 4
    for url in urls:
        assert url.endswith(".svg")
        assert (theme.STYLE / url).is_file()


def test_a_blend_lies_between() -> None:
    white, black = QColor("white"), QColor("black")
    assert theme.blended(white, black, 0.0) == black
    assert theme.blended(white, black, 1.0) == white
    assert theme.blended(white, black, 0.5).red() == 128


def test_the_icons_belong_to_the_theme() -> None:
    assert not theme.icon("search").isNull()
    assert (ICONS / "search.svg").is_file()
