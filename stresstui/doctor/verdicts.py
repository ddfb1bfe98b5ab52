"""Short ways to say what a look found."""

from stresstui.core.model.check import Check, Level


def ok(group: str, name: str, found: str) -> Check:
    """All is well."""
    return Check(group, name, Level.OK, found)


def warning(group: str, name: str, found: str, mend: str) -> Check:
    """It may disturb a run, or hide something from it."""
    return Check(group, name, Level.WARNING, found, mend)


def problem(group: str, name: str, found: str, mend: str) -> Check:
    """It would make the outcome worthless."""
    return Check(group, name, Level.PROBLEM, found, mend)


def judged(group: str, name: str, found: str, complaint: str, mend: str) -> Check:
    """A warning where there is a complaint, which is added to what was found."""
    return warning(group, name, f"{found}: {complaint}", mend) if complaint else ok(group, name, found)
