"""Pictures are cut into tiles, whose means are known where the pictures are."""

import numpy as np
import pytest

from engine.pictures import mean_channels, mean_image, neighbors, tiles, unevenness

RNG = np.random.default_rng(0)


def test_tiles_are_parts_of_the_picture_line_by_line():
    picture = RNG.integers(0, 256, (7, 10, 3), np.uint8)
    cut = tiles(picture, 3)
    assert cut.shape == (6, 3, 3, 3)
    np.testing.assert_array_equal(cut[1], picture[:3, 3:6])
    np.testing.assert_array_equal(cut[3], picture[3:6, :3])


def test_a_picture_that_is_smaller_than_a_tile_is_refused():
    with pytest.raises(ValueError, match="no tile of 8"):
        tiles(np.zeros((7, 10, 3)), 8)


def test_p3_subtracted_means_leave_the_mean_0_of_a_pixel_or_of_a_channel():
    x = RNG.integers(0, 256, (20, 4, 4, 3), np.uint8)
    np.testing.assert_allclose((x - mean_image(x)).mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((x - mean_channels(x)).mean(axis=(0, 1, 2)), 0, atol=1e-12)


def test_the_mean_image_of_noise_is_as_uneven_as_chance_makes_it():
    x = RNG.normal(100, 20, (400, 16, 16, 3))
    assert unevenness(x) == pytest.approx(1 / 20, rel=0.05)


def test_neighbors_are_alike_where_a_picture_is_smooth():
    noise = RNG.normal(size=(50, 20, 20))
    assert abs(neighbors(noise)) < 0.03
    assert neighbors(noise[:, :, :-1] + noise[:, :, 1:]) == pytest.approx(0.5, abs=0.03)
