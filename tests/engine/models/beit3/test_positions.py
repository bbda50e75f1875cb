import pytest
import torch

from engine.errors import CheckpointError
from engine.models.beit3.positions import interpolate_positions


def test_a_table_that_fits_is_returned_as_it_is() -> None:
    table = torch.randn(4 * 4 + 3, 8)
    assert interpolate_positions(table, image_size=32, patch_size=8) is table


def test_the_first_three_rows_are_kept_and_the_grid_is_resized() -> None:
    table = torch.randn(4 * 4 + 3, 8)
    resized = interpolate_positions(table, image_size=48, patch_size=8)
    assert resized.shape == (6 * 6 + 3, 8)
    assert torch.equal(resized[:3], table[:3])


def test_a_slope_along_the_rows_stays_along_the_rows() -> None:
    grid = torch.arange(4.0).repeat_interleave(4)[:, None]
    resized = interpolate_positions(torch.cat([torch.zeros(3, 1), grid]), 64, 8)
    rows = resized[3:, 0].reshape(8, 8)
    assert torch.allclose(rows, rows[:, :1].expand(8, 8), atol=1e-6)
    assert (rows[1:, 0] > rows[:-1, 0]).all()


def test_a_half_precision_table_keeps_its_type() -> None:
    table = torch.zeros(7, 8, dtype=torch.bfloat16)
    assert interpolate_positions(table, 24, 8).dtype == torch.bfloat16


@pytest.mark.parametrize("shape", [(18, 8), (3, 8), (2, 8), (0, 8), (19,)])
def test_a_table_of_no_square_image_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(CheckpointError, match="not that of a square image"):
        interpolate_positions(torch.zeros(shape), 32, 8)
