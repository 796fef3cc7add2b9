"""How a number is written, everywhere the same; never rounded to a certainty it does not have (R18)."""


def rate(value: float) -> str:
    """Three decimals, one more digit for small ones; 1 and 0 only when they are exact, else `>0.999` or `<0.001`.

    A coefficient below zero (kappa, alpha, MCC) is its mirror image: `-0.040`, `>-0.001`, `<-0.999`.
    """
    if value < 0:
        mirrored = rate(-value)
        return {"<": ">-", ">": "<-"}.get(mirrored[0], f"-{mirrored[0]}") + mirrored[1:]
    if value in (0.0, 1.0):
        return f"{value:.0f}"
    if value >= 0.9995:
        return ">0.999"
    if value < 0.0005:
        return "<0.001"
    return f"{value:.4f}" if value < 0.01 else f"{value:.3f}"


def interval(low: float, high: float) -> str:
    """`0.884-0.934`; with a bound below zero `-0.120 to 0.340`."""
    return f"{rate(low)} to {rate(high)}" if low < 0 else f"{rate(low)}-{rate(high)}"


def signed(value: float) -> str:
    """A difference with its sign: `+0.050`, `-0.090`; just short of one, `>+0.999` or `<-0.999`."""
    if 0.9995 <= abs(value) < 1:
        return ">+0.999" if value > 0 else "<-0.999"
    return f"{value:+.3f}"


def count(value: int) -> str:
    """Thousands with a comma: `4,210`."""
    return f"{value:,}"


def p_value(value: float) -> str:
    """`.004`-like in full: three decimals, `<0.001` below, `>0.999` just short of one."""
    if 0.9995 <= value < 1:
        return ">0.999"
    return "<0.001" if value < 0.001 else f"{value:.3f}"
