"""Words that the North and the South of Vietnam have for the same things in a photo.

Only pairs that keep what a caption says are here. Left out are words that mean different things
on both sides, such as ốm (ill, thin), mận (plum, rose apple), củ sắn (cassava, jicama), and
váy and đầm, which divide skirts and dresses differently.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

Region = Literal["north", "south"]

# north = south; `>` and `<` are read one way only, because the other word means more than that or
# is at home on both sides. Forms of one meaning are divided by commas.
_PAIRS = """
# Balls and play
quả bóng = trái bóng, trái banh
đá bóng = đá banh
đánh bóng = đánh banh
đón bóng = đón banh
đỡ bóng = đỡ banh
ném bóng = ném banh
bắt bóng = bắt banh, chụp banh
bắt bóng < chụp bóng
tung bóng = thảy bóng, thảy banh
ném < thảy
chơi bóng = chơi banh
sân bóng = sân banh
đùa nghịch = đùa giỡn
nghịch nước = giỡn nước
đuổi theo = rượt theo
đuổi bắt = rượt bắt
cầu trượt = cầu tuột
chùm bóng bay = chùm bong bóng
# Food and what it is served in; quả is read below
hoa quả = trái cây
cá quả = cá lóc
bí ngô = bí đỏ
bắp ngô = trái bắp
ruộng ngô = ruộng bắp
cánh đồng ngô = cánh đồng bắp
bỏng ngô = bắp rang
củ lạc, hạt lạc = hạt đậu phộng
quả dứa = trái thơm, trái khóm
quả roi > trái mận
quả quất = trái tắc
quả na = trái mãng cầu
quả hồng xiêm = trái sa pô chê
mướp đắng = khổ qua
dưa chuột = dưa leo
súp lơ = bông cải
đậu phụ = đậu hũ
nem rán = chả giò
giò lụa = chả lụa
cơm rang = cơm chiên
trứng rán = trứng chiên
khoai tây rán = khoai tây chiên
gà rán > gà chiên
trứng gà > hột gà
trứng vịt lộn = hột vịt lộn
sắn < khoai mì
que kem > cây kem
đồi chè = đồi trà
hái chè = hái trà
bát = chén
bát phở = tô phở
bát bún = tô bún
bát mì = tô mì
bát cháo = tô cháo
bát đĩa = chén dĩa
bát đũa = chén đũa
đĩa = dĩa
thìa = muỗng
dao dĩa = dao nĩa
thìa dĩa = muỗng nĩa
cốc = ly
lợn = heo
thịt lợn = thịt heo
# Clothes
mũ > nón
mũ bảo hiểm = nón bảo hiểm
mũ bảo hộ = nón bảo hộ
mũ lưỡi trai = nón lưỡi trai, nón kết
mũ cao bồi = nón cao bồi
mũ rộng vành = nón rộng vành
mũ tai bèo = nón tai bèo
mũ len = nón len
mũ rơm = nón rơm
mũ bóng chày = nón bóng chày
áo phông = áo thun
quần soóc = quần short
quần bò = quần jean, quần jeans
mặc váy < mặc đầm
chiếc váy < chiếc đầm
váy cưới = đầm cưới
váy dạ hội = đầm dạ hội
đi giày = mang giày
đi dép = mang dép
đi ủng = mang ủng
đôi tất = đôi vớ
đi tất = mang vớ
mang tất > mang vớ
chiếc tất = chiếc vớ
bít tất > vớ
găng tay = bao tay
kính râm = kính mát
đeo kính = đeo kiếng
đeo kính râm = đeo kính mát, đeo kiếng mát
khăn quàng = khăn choàng
khuyên tai = bông tai
túi xách = giỏ xách
cúc áo = nút áo
thắt lưng < dây nịt
cởi trần = ở trần
chân đất > chân không
# People and animals
đứa trẻ = đứa nhỏ
lũ trẻ, bọn trẻ = tụi nhỏ
trẻ con = con nít
bố mẹ = ba mẹ, cha mẹ
bố con > cha con
béo = mập
con hổ = con cọp
chú hổ = chú cọp
bế = ẵm
ngồi xổm = ngồi chồm hổm
bị ngã = bị té
đang ngã = đang té
ngã xuống = té xuống
ngã khỏi = té khỏi
ngã xe = té xe
ngã ngựa = té ngựa
vấp ngã = vấp té
đứng xem = đứng coi
ngồi xem = ngồi coi
đang xem = đang coi
xem phim = coi phim
trèo > leo
trèo lên = leo lên
trèo qua = leo qua
trèo cây = leo cây
chạy nhanh = chạy lẹ
chụp ảnh = chụp hình
bức ảnh, tấm ảnh = tấm hình, bức hình
máy ảnh = máy chụp hình
cắt tóc = hớt tóc
mồm > miệng
# Traffic
xe máy = xe gắn máy
đi xe máy = chạy xe máy, chạy xe gắn máy
đi xe đạp = chạy xe đạp
ô tô, xe ô tô = xe hơi
ôtô, xe ôtô > xe hơi
chiếc ô tô > chiếc xe hơi
cái ô tô > cái xe hơi
cầm ô tô > cầm xe hơi
bán ô tô > bán xe hơi
tàu hỏa = xe lửa
ga tàu = ga xe lửa
đường ray = đường rầy
lốp xe = vỏ xe
xe khách = xe đò
đỗ xe = đậu xe
bãi đỗ = bãi đậu
xe đỗ = xe đậu
đang đỗ > đang đậu
đỗ trước > đậu trước
đỗ bên > đậu bên
đỗ trên > đậu trên
vỉa hè > lề đường
# Places and things
bể bơi = hồ bơi
bể cá > hồ cá
vườn bách thú, vườn thú = sở thú
cửa hàng = tiệm, cửa tiệm
con ngõ = con hẻm
trong ngõ = trong hẻm
sân bay = phi trường
chiếc ô > chiếc dù
cái ô = cái dù
cây ô = cây dù
cầm ô = cầm dù
che ô = che dù
bán ô = bán dù
tấm chăn = tấm mền
chiếc chăn = chiếc mền
cái chăn = cái mền
đắp chăn = đắp mền
quấn chăn = quấn mền
tấm đệm = tấm nệm
chiếc đệm = chiếc nệm
soi gương = soi kiếng
cửa kính = cửa kiếng
tấm kính = tấm kiếng
lọ hoa, bình hoa = bình bông
bó hoa = bó bông
hái hoa = hái bông
cành cây = nhánh cây
khúc gỗ = khúc cây
bùn lầy = sình lầy
vũng bùn = vũng sình
xà phòng = xà bông
bật lửa = hộp quẹt
cây bút, cái bút = cây viết
bút chì = viết chì
quyển sách = cuốn sách
cục tẩy = cục gôm
túi ni lông = bịch ni lông, bao ni lông
chậu nước > thau nước
chiếc ví = cái bóp
vòi hoa sen = vòi sen
máy điều hòa = máy lạnh
# Colours and sizes
xanh nước biển, xanh lam = xanh dương
xanh lá cây = xanh lá
màu da cam = màu cam
màu ghi > màu xám
to = bự
# Anything that grows or is round; what is left of trái is too often the left side
quả > trái
"""
_GROWING = (
    "bầu, bí, bưởi, cà chua, cam, chanh, chuối, dâu, dừa, dưa, đào, đu đủ, hồng, khế, lê, lựu,"
    " măng cụt, mít, mơ, nhãn, nho, ổi, ớt, sầu riêng, táo, thanh long, thông, vải, vú sữa, xoài"
)
# Sports and others whose bóng nobody calls banh.
_BALLS = "chày|rổ|đá|bầu|chuyền|bàn|ném|nước|gậy|mềm|bay|tuyết|bowling|xà"
# The same words with other meanings; they and what they stand in stay as they are. A dĩa that is
# held is a plate in the South and a fork in the North.
_OTHER = "|".join(
    [
        "(?:kết|hiệu|hậu|thành) quả",
        "quả (?:thật|thực|nhiên|quyết|cảm|phụ|tang|lắc|chuông|trứng|đấm|đồi|núi)",
        "(?:bên|tay|chân|phía|sang|phải|rẽ|góc|cánh|vai|đùi|mắt|tai) trái",
        f"(?:đá|đánh|đón|đỡ|ném|bắt|tung|chơi|sân) bóng (?:{_BALLS}|đèn|cây|râm|mát)",
        "(?:hết|tất|cả) thảy",
        "cá (?:heo|mập)|heo (?:may|hút|hắt)|bánh da lợn",
        "(?:lục|tứ) bát|bát (?:giác|ngát|hương|quái|phố|âm|bửu)",
        "(?:ấm|đánh) chén|chén (?:trà|rượu|thánh)",
        "(?:ổ|băng) đĩa|(?:cái|cầm|dùng|bằng) [dđ]ĩa",
        "thìa là|(?:chim|con|than|lốc|gõ) cốc|cốc cốc",
        "(?:hải|cự|chia|biệt|phân|hoa) ly|ly (?:kỳ|dị|biệt|hôn|tâm|rượu)",
        "mũ (?:giáp|miện|trụ)",
        "(?:quả|trái|hình) nón|nón lá",
        "(?:ống|nhà|tủ) kính",
        "đứa (?:trẻ nhỏ|nhỏ hơn)",
        "(?:công|tuyên|phân) bố|ba mẹ con",
        "béo (?:phì|bở)|(?:chất|to) béo|mập (?:mờ|mạp|ú)",
        "bế (?:tắc|mạc|giảng|bổng)",
        "(?:đang|bị) ngã (?:người|ba|tư|giá)",
        "đang xem xét|leo trèo",
        "(?:(?:xe|chiếc|cái|cầm|bán) )?ô tô (?:tải|buýt|khách|con|điện)",
        "(?:cái|chiếc) ô (?:cửa|vuông|kính|chữ)",
        "ở trần (?:nhà|gian|thế)",
        "(?:đi|mang) tất (?:cả|bật)|chạy nhanh nhẹn",
        "(?:cầm|cái) dù (?:lượn|kéo)",
        "(?:con|trong) hẻm núi",
        "cửa hàng tiện lợi|tiệm (?:cận|cắt|hớt|làm|tiến)",
        "xanh lá (?:mạ|chuối)",
        "(?:há|cười|nói|hét|hát|khóc|gọi|đọc|mở|ngáp|phóng|thổi) to",
        "to (?:béo|lớn|tiếng|nhỏ|tướng|mồm|miệng)",
    ]
)


def in_words_of(region: Region, text: str, choose: Callable[[int], int]) -> str:
    """Say a text in the words of the North or of the South, where it has those of the other.

    Args:
        region: whose words to use.
        text: Vietnamese with its marks, in NFC and the old tone placement, as
            `unify_tone_placement` leaves it.
        choose: given how many words there are for a meaning, tells which one to take, from 0.

    Returns:
        The text; a first capital and capitals throughout are kept.
    """
    words = _WORDS[region]

    def said(found: re.Match[str]) -> str:
        if found["other"]:
            return found[0]
        there = words[found[0].lower()]
        return _in_case_of(found[0], there[choose(len(there))])

    return _PATTERNS[region].sub(said, text)


def _in_case_of(before: str, after: str) -> str:
    if before.isupper() and len(before) > 1:
        return after.upper()
    return after[0].upper() + after[1:] if before[0].isupper() else after


def _pairs() -> Iterator[tuple[list[str], str, list[str]]]:
    """Every row of the table: forms of the North, `=`, `<` or `>`, forms of the South."""
    rows = [row for row in _PAIRS.strip().splitlines() if not row.startswith("#")]
    rows += [f"quả {name} < trái {name}" for name in _GROWING.split(", ")]
    rows += [f"quả bóng {kind} > trái bóng {kind}" for kind in _BALLS.split("|")]
    for row in rows:
        north, sign, south = re.split(" ([=<>]) ", row)
        yield north.split(", "), sign, south.split(", ")


def _words_of(region: Region) -> dict[str, Sequence[str]]:
    """What each form of the other region is in this one."""
    words: dict[str, list[str]] = {}
    for north, sign, south in _pairs():
        here, there = (north, south) if region == "north" else (south, north)
        if sign in ("=", "<" if region == "north" else ">"):
            for form in there:
                words.setdefault(form, []).extend(here)
    # A form of this region that contains one of the other's: xanh lá cây has xanh lá in it.
    forms = {form for here in words.values() for form in here}
    own = {form for form in forms - words.keys() if any(w in form for w in words)}
    return {**words, **{form: (form,) for form in own}}


def _pattern(words: dict[str, Sequence[str]]) -> re.Pattern[str]:
    longest_first = "|".join(sorted(words, key=len, reverse=True))
    # The lookahead spares all of them at the ends of words.
    return re.compile(rf"\b(?=\w)(?:(?P<other>{_OTHER})|{longest_first})\b", re.IGNORECASE)


_WORDS = {"north": _words_of("north"), "south": _words_of("south")}
_PATTERNS = {region: _pattern(words) for region, words in _WORDS.items()}
