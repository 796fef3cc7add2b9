"""Numbers as people read them: never a certainty that the data do not have (R18)."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.stats.formats import count, interval, p_value, rate, signed

between = st.floats(0, 1, exclude_min=True, exclude_max=True)
CERTAIN = re.compile(r"[+-]?[01](\.0*)?")


@given(between)
@example(0.9995)
@example(0.99949999999999994)
@example(0.9999999999999999)
@example(0.0005)
@example(5e-324)
@example(0.00999999)
def test_a_rate_between_zero_and_one_is_never_written_as_either(value: float) -> None:
    """The nearest it comes is `>0.999` and `<0.001`; otherwise it is right to the digits it shows."""
    text = rate(value)
    assert not CERTAIN.fullmatch(text)
    if text[0] not in "<>":
        assert abs(float(text) - value) <= 0.0005
    else:
        assert (value > 0.999) if text[0] == ">" else (value < 0.001)


def test_certain_rates_are_written_as_such() -> None:
    """Exactly none and exactly all are facts of the sample."""
    assert (rate(0.0), rate(1.0)) == ("0", "1")


@given(between, between)
def test_an_interval_is_two_rates(low: float, high: float) -> None:
    """Its bounds keep the same rule."""
    assert interval(low, high) == f"{rate(low)}-{rate(high)}"


@given(between)
@example(0.9995)
@example(0.99999)
def test_a_difference_below_one_is_never_written_as_one(value: float) -> None:
    """With its sign, on both sides of zero."""
    for difference, sign in ((value, "+"), (-value, "-")):
        text = signed(difference)
        assert sign in text
        assert not re.fullmatch(r"[+-]1(\.0*)?", text)


@given(between)
@example(0.9995)
@example(0.0009999999)
def test_a_p_value_between_zero_and_one_is_never_written_as_either(value: float) -> None:
    """Small ones are bounded, large ones as well."""
    assert not CERTAIN.fullmatch(p_value(value))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (rate(0.9123), "0.912"),
        (rate(0.00123), "0.0012"),
        (rate(-0.0404), "-0.040"),
        (rate(-0.0001), ">-0.001"),
        (rate(-0.9999), "<-0.999"),
        (interval(0.884, 0.934), "0.884-0.934"),
        (interval(-0.12, 0.34), "-0.120 to 0.340"),
        (signed(0.05), "+0.050"),
        (signed(-0.0904), "-0.090"),
        (signed(0.0), "+0.000"),
        (p_value(0.0042), "0.004"),
        (p_value(0.0), "<0.001"),
        (p_value(1.0), "1.000"),
        (count(4210), "4,210"),
    ],
)
def test_numbers_are_written_in_one_way(written: str, expected: str) -> None:
    """The forms that answers and tests rely on."""
    assert written == expected
