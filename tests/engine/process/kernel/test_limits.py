"""A process's own limit, as the kernel has it now."""

import os
import resource

from stresstui.engine.process.kernel.limits import descriptor_limit


def test_the_soft_limit_is_read_from_any_process() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    try:
        assert descriptor_limit(os.getpid()) == soft - 1
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_of_a_process_that_is_gone_nothing_is_known() -> None:
    assert descriptor_limit(2**22 + 1) is None
