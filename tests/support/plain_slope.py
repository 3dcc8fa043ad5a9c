"""SII and RII in plain Python, from the normal equations in fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from operator import mul
from statistics import NormalDist

LEVELS = {"95": 0.025, "998": 0.001}
TO = {
    "identity": lambda y: y,
    "log": math.log,
    "logit": lambda y: math.log(y / (1 - y)),
}
BACK = {
    "identity": lambda y: y,
    "log": math.exp,
    "logit": lambda y: 1 / (1 + math.exp(-y)),
}


def line(populations: list, values: list) -> tuple[Fraction, Fraction]:
    """Mean and slope of the weighted least squares line, by the normal equations in fractions."""
    w = [Fraction(population) / sum(map(Fraction, populations)) for population in populations]
    b = [sum(w[:place]) + w[place] / 2 for place in range(len(w))]
    y = [Fraction(value) for value in values]
    w_b, w_y = sum(map(mul, w, b)), sum(map(mul, w, y))
    w_bb, w_by = sum(map(mul, w, map(mul, b, b))), sum(map(mul, w, map(mul, b, y)))
    return w_y, (w_by - w_b * w_y) / (w_bb - w_b * w_b)


def fieller(top: float, bottom: float, variances: tuple, z: float) -> tuple[float, float]:
    """Where |top - r bottom| is z standard errors, found by halving; NaN where nowhere."""
    var_top, var_bottom, covariance = variances

    def beyond(ratio: float) -> bool:
        spread = var_top - 2 * ratio * covariance + ratio * ratio * var_bottom
        return abs(top - ratio * bottom) > z * math.sqrt(max(spread, 0))

    found = []
    for away in (-1.0, 1.0):
        inside, step = top / bottom, away * max(abs(top / bottom), 1e-6)
        while not beyond(inside + step):
            step *= 2
            if abs(step) > 1e12:
                return math.nan, math.nan
        outside = inside + step
        for _ in range(200):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
        found.append(inside)
    return found[0], found[1]


def plainly(rows: list[tuple]) -> dict[tuple[str, str], float]:
    """SII and RII of one series with their limits, where they have a closed form."""
    scale, on_scale, multiplier = rows[0][5:]
    to, back = TO[scale], BACK[scale] if on_scale else TO["identity"]
    populations = [row[1] for row in rows]
    y = [to(row[2]) for row in rows]
    errors = [(to(row[4]) - to(row[3])) / 2 / NormalDist().inv_cdf(0.975) for row in rows]
    mean, slope = map(float, line(populations, y))
    # The slope is linear in the values: its weights are the slopes of unit values.
    units = [[float(place == at) for place in range(len(rows))] for at in range(len(rows))]
    shares, weights = zip(*(map(float, line(populations, unit)) for unit in units), strict=True)
    var_mean = math.fsum((a * e) ** 2 for a, e in zip(shares, errors, strict=True))
    var_slope = math.fsum((c * e) ** 2 for c, e in zip(weights, errors, strict=True))
    both = math.fsum(a * c * e * e for a, c, e in zip(shares, weights, errors, strict=True))

    def ends(of_slope: float) -> tuple[float, float]:
        return back(mean + of_slope / 2), back(mean - of_slope / 2)

    def ratio(of_slope: float) -> float:
        least, most = ends(of_slope)
        return most / least if multiplier < 0 else least / most

    def difference(of_slope: float) -> float:
        least, most = ends(of_slope)
        return multiplier * (least - most)

    found = {("sii", "value"): difference(slope), ("rii", "value"): ratio(slope)}
    for level, tail in LEVELS.items():
        z = NormalDist().inv_cdf(1 - tail)
        reach = [slope - z * math.sqrt(var_slope), slope + z * math.sqrt(var_slope)]
        limits = {"sii": sorted(map(difference, reach)), "rii": sorted(map(ratio, reach))}
        if scale == "identity":
            least, most = ends(slope)
            top, bottom = (most, least) if multiplier < 0 else (least, most)
            of_ends = [var_mean + sign * both + var_slope / 4 for sign in (1, -1)]
            var_top, var_bottom = of_ends if multiplier >= 0 else of_ends[::-1]
            limits["rii"] = fieller(top, bottom, (var_top, var_bottom, var_mean - var_slope / 4), z)
        for measure, (lower, upper) in limits.items():
            found[measure, f"lower_{level}"] = lower
            found[measure, f"upper_{level}"] = upper
    return found
