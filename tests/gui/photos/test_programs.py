from pathlib import Path

import pytest

from gui.photos.programs import Program, programs_for

JPEG = "image/jpeg"
PATHS = ["/tmp/Ảnh 1.jpg".encode(), b"/tmp/b.jpg"]


@pytest.fixture
def applications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system's programs are described; the user's lie beside."""
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path / 'system'}:{tmp_path / 'empty'}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    for name in ("system", "own"):
        (tmp_path / name / "applications").mkdir(parents=True)
    return tmp_path / "system" / "applications"


def _describe(path: Path, *lines: str, mime: str = "image/png;image/jpeg;") -> None:
    path.parent.mkdir(exist_ok=True)
    text = "\n".join(["# words", "[Desktop Entry]", f"MimeType={mime}", *lines])
    path.write_text(text, "utf-8")


def test_programs_for_a_type_are_listed_by_name(applications: Path) -> None:
    _describe(applications / "z.desktop", "Name=Alpha", "Exec=sh %F")
    _describe(applications / "kde" / "a.desktop", "Name=Beta", "Exec=sh -c %U")
    _describe(applications / "t.desktop", "Name=Text", "Exec=sh %f", mime="text/plain;")
    assert programs_for(JPEG, "vi") == [
        Program("Alpha", ("sh", "%F")),
        Program("Beta", ("sh", "-c", "%U")),
    ]


def test_a_name_in_the_language_of_the_window_comes_first(applications: Path) -> None:
    _describe(applications / "a.desktop", "Name=Images", "Name[vi]=Xem ảnh", "Exec=sh %f")
    assert [program.name for program in programs_for(JPEG, "vi")] == ["Xem ảnh"]
    assert [program.name for program in programs_for(JPEG, "en")] == ["Images"]


def test_what_the_user_has_changed_takes_the_systems_place(applications: Path) -> None:
    own = applications.parent.parent / "own" / "applications"
    _describe(applications / "a.desktop", "Name=System", "Exec=sh %f")
    _describe(own / "a.desktop", "Name=Own", "Exec=sh %f")
    assert [program.name for program in programs_for(JPEG, "vi")] == ["Own"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Name=a", "Exec=sh %f", "NoDisplay=true"),
        ("Name=a", "Exec=sh %f", "Hidden=true"),
        ("Name=a", "Exec=no-such-program-at-all %f"),
        ("Name=a", "Exec=sh %f", "TryExec=/no/such/program"),
        ("Name=a", 'Exec=sh "%f'),
        ("Name=a", "Exec="),
        ("Name=a",),
    ],
)
def test_what_cannot_be_started_or_is_hidden_is_left_out(
    applications: Path, lines: tuple[str, ...]
) -> None:
    _describe(applications / "a.desktop", *lines)
    assert programs_for(JPEG, "vi") == []


@pytest.mark.parametrize("data", [b"image/jpeg \xff", b"image/jpeg", b"image/jpeg\n[a\n=", b""])
def test_a_broken_description_is_passed_over(applications: Path, data: bytes) -> None:
    (applications / "a.desktop").write_bytes(data)
    _describe(applications / "b.desktop", "Name=b", "Exec=sh %f")
    assert [program.name for program in programs_for(JPEG, "vi")] == ["b"]


def test_fields_of_the_program_itself_are_dropped(applications: Path) -> None:
    _describe(applications / "a.desktop", "Name=a", 'Exec=sh %i --title "100 %%" %c %f')
    assert programs_for(JPEG, "vi")[0].command == ("sh", "--title", "100 %", "%f")


def test_all_files_go_to_one_command_where_it_takes_them() -> None:
    program = Program("a", ("view", "%F", "--new"))
    assert program.commands_for(PATHS) == [["view", "/tmp/Ảnh 1.jpg", "/tmp/b.jpg", "--new"]]


def test_each_file_gets_a_command_where_it_takes_one() -> None:
    commands = Program("a", ("view", "%u")).commands_for(PATHS)
    assert commands == [["view", "file:///tmp/%E1%BA%A2nh%201.jpg"], ["view", "file:///tmp/b.jpg"]]


def test_a_file_follows_a_command_that_names_no_place() -> None:
    assert Program("a", ("view",)).commands_for(PATHS[1:]) == [["view", "/tmp/b.jpg"]]


def test_a_name_that_is_no_text_is_told_as_an_address() -> None:
    commands = Program("a", ("view", "%F")).commands_for([b"/tmp/\xff.jpg"])
    assert commands == [["view", "file:///tmp/%FF.jpg"]]
