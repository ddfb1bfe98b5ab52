"""A run whose descriptors leak, with text in it that would be a tag, a script or a control sequence if it could."""

from stresstui.core.model import event as ev
from stresstui.core.model.scenario import CriterionSpec, Severity
from tests.core.story import Story

HOSTILE = '</script><script>alert(1)</script> & "quoted" \x1b[31m \x00 \u202e'


def leaking() -> Story:
    warn = CriterionSpec(id="w", title="Warned <b>", rule="max(rss) < 1MiB", severity=Severity.WARN, group="Evidence")
    story = Story("max(fds) < 100", "growth(rss) < 1MiB/h", warn).warm()
    story.add(ev.Noted(story.t, text=HOSTILE, by="me"))
    story.soak(50, fds=lambda t: 40 + 4 * int(t - 10))
    return story.cool().exit(planned=True).end()
