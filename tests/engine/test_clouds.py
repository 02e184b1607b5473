"""Clouds have the moments that were asked for, and the stages of their way the ones that were promised."""

import numpy as np
import pytest

from engine.clouds import Cloud, covariance, stages

FAR = Cloud(mean_x=-4.0, mean_y=2.5, std_x=0.3, std_y=1.7, correlation=-0.95, error=0.2)


@pytest.mark.parametrize("cloud", [Cloud(), FAR])
def test_a_cloud_has_just_the_moments_asked_for(cloud):
    x = cloud.points
    np.testing.assert_allclose(x.mean(axis=0), (cloud.mean_x, cloud.mean_y), atol=1e-12)
    np.testing.assert_allclose(x.std(axis=0), (cloud.std_x, cloud.std_y))
    np.testing.assert_allclose(np.corrcoef(x.T)[0, 1], cloud.correlation)
    np.testing.assert_allclose(covariance(x), np.cov(x.T, bias=True), atol=1e-12)
    np.testing.assert_allclose(covariance(cloud.again - x), cloud.error**2 * np.eye(2), atol=1e-12)


@pytest.mark.parametrize("cloud", [Cloud(), FAR])
@pytest.mark.parametrize("last", ["whiten", "zca"])
def test_p1_p2_every_stage_has_the_covariance_matrix_it_promises(cloud, last):
    """Mean 0; variances 1; a diagonal; the identity."""
    raw, centered, standardized, decorrelated, white = stages(cloud, last, 0)
    np.testing.assert_allclose([stage.mean for stage in (centered, standardized, decorrelated, white)], 0, atol=1e-12)
    np.testing.assert_allclose(centered.covariance, raw.covariance, atol=1e-12)
    rho = cloud.correlation
    np.testing.assert_allclose(standardized.covariance, [[1, rho], [rho, 1]], atol=1e-12)
    np.testing.assert_allclose(decorrelated.covariance, np.diag(np.linalg.eigvalsh(raw.covariance)[::-1]), atol=1e-12)
    np.testing.assert_allclose(white.covariance, np.eye(2), atol=1e-9)
    assert (standardized.white, white.white) == (False, True)


def test_whitening_blows_up_the_error_of_a_flat_direction_and_eps_bounds_that():
    """The error has the variance ν² (1/(λ₁ + ε) + 1/(λ₂ + ε)), the cloud λ₁/(λ₁ + ε) + λ₂/(λ₂ + ε)."""
    cloud = Cloud(correlation=0.999)
    values = np.linalg.eigvalsh(covariance(cloud.points))
    for eps in (0, 1e-3, 1):
        raw, *_, white = stages(cloud, "whiten", eps)
        assert raw.error == pytest.approx(2 * cloud.error**2 / values.sum())
        assert white.error == pytest.approx(cloud.error**2 * (1 / (values + eps)).sum() / (values / (values + eps)).sum())
    assert stages(cloud, "whiten", 0)[-1].error > 500 * raw.error


def test_points_on_a_line_are_left_alone_across_it():
    *_, decorrelated, white = stages(Cloud(correlation=1.0), "whiten", 1e-5)
    assert np.abs(decorrelated.x[:, 1]).max() < 1e-12
    np.testing.assert_allclose(white.covariance, np.diag([1, 0]), atol=1e-4)


def test_a_number_out_of_range_is_refused():
    with pytest.raises(ValueError, match="correlation must lie between -1 and 1"):
        Cloud(correlation=1.5)
