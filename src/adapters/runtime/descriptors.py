"""Tells when the process runs out of descriptors: everything else fails then, for other reasons."""

import errno
import os
import resource

import structlog

NEARLY = 0.9

log = structlog.get_logger()


class Descriptors:
    """One line when they run out, and one when there are enough again."""

    def __init__(self) -> None:
        self._scarce = False

    def look(self) -> None:
        """Count those in use, where the system lists them."""
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        try:
            used = len(os.listdir("/proc/self/fd"))
        except OSError as error:
            if error.errno != errno.EMFILE:
                return
            used = limit
        scarce = used >= NEARLY * limit
        if scarce and not self._scarce:
            log.error("descriptors.exhausted", used=used, limit=limit, advice="raise ulimit -n")
        elif self._scarce and not scarce:
            log.info("descriptors.enough", used=used, limit=limit)
        self._scarce = scarce
