"""What is known of a photo, in words and numbers of the window's language."""

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from engine.images.shooting import Shooting
from engine.library.photo import Photo

_LONGEST_FRACTION = 0.4  # seconds; cameras show longer exposures as a decimal number
_DECIMALS_OF_A_PLACE = 5  # about a metre
_JOINT = " · "


def date_taken(photo: Photo) -> str:
    """The date and the time, as a person would write them; "" where the photo does not say."""
    taken = photo.taken_at
    if taken is None:
        return ""
    locale = QLocale()
    # Without a time zone, for the photo has none: a date with a time would name this machine's.
    date = locale.toString(QDate(taken.year, taken.month, taken.day), QLocale.FormatType.LongFormat)
    time = locale.toString(QTime(taken.hour, taken.minute), QLocale.FormatType.ShortFormat)
    return f"{date}, {time}"


def dimensions(photo: Photo) -> str:
    """Width, height, megapixels and the size of the file."""
    locale = QLocale()
    facts = [file_size(photo.size)]
    if photo.width is not None and photo.height is not None:
        megapixels = locale.toString(photo.width * photo.height / 1e6, "f", 1)
        facts = [f"{photo.width} × {photo.height}", f"{megapixels} MP", *facts]
    return _JOINT.join(facts)


def file_size(size: int) -> str:
    """Bytes as a person reads them, such as "2.4 MB"."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def exposure(shooting: Shooting) -> str:
    """The settings in one line, such as "1/160 s · f/7.1 · ISO 100 · 135 mm"; "" without any."""
    settings = [_time(shooting), _aperture(shooting), _iso(shooting), _focal(shooting)]
    return _JOINT.join(filter(None, settings))


def exposure_details(shooting: Shooting) -> str:
    """What belongs to the settings but matters less; "" without any."""
    return _JOINT.join(filter(None, [_focal_on_film(shooting), _flash(shooting)]))


def coordinates(photo: Photo) -> str:
    """Latitude and longitude in degrees, as maps understand them when typed into their search.

    With a decimal point in every language, for the comma lies between the two.
    """
    if photo.latitude is None or photo.longitude is None:
        return ""
    places = _DECIMALS_OF_A_PLACE
    return f"{photo.latitude:.{places}f}, {photo.longitude:.{places}f}"


def map_address(photo: Photo) -> str:
    """The address of the place on OpenStreetMap."""
    latitude, longitude = coordinates(photo).split(", ")
    place = f"mlat={latitude}&mlon={longitude}"
    return f"https://www.openstreetmap.org/?{place}#map=16/{latitude}/{longitude}"


def _time(shooting: Shooting) -> str:
    if shooting.exposure is None:
        return ""
    if shooting.exposure < _LONGEST_FRACTION:
        return f"1/{round(1 / shooting.exposure)} s"
    return f"{_short(shooting.exposure)} s"


def _aperture(shooting: Shooting) -> str:
    return "" if shooting.aperture is None else f"f/{_short(shooting.aperture)}"


def _iso(shooting: Shooting) -> str:
    return "" if shooting.iso is None else f"ISO {shooting.iso}"


def _focal(shooting: Shooting) -> str:
    return "" if shooting.focal_length is None else f"{_short(shooting.focal_length)} mm"


def _focal_on_film(shooting: Shooting) -> str:
    length, on_film = shooting.focal_length, shooting.focal_length_35
    if length is None or on_film is None or on_film == round(length):
        return ""
    sentence = QCoreApplication.translate("PhotoFacts", "as {length} mm on 35 mm film")
    return sentence.format(length=on_film)


def _flash(shooting: Shooting) -> str:
    if shooting.flash is None:
        return ""
    if shooting.flash:
        return QCoreApplication.translate("PhotoFacts", "with flash")
    return QCoreApplication.translate("PhotoFacts", "without flash")


def _short(number: float) -> str:
    """One decimal, and none where it is zero."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(round(number, 1), "g", 6)
