"""Becomes another program that cannot outlive its parent; run as a script by path, never imported.

Usage: python -I -S exec_child.py PARENT_PID DEATH_SIGNAL UID GID LIFELINE_FD PROGRAM [ARGUMENT...]
UID and GID are -1 to stay who we are; LIFELINE_FD is -1 where the kernel itself tells of a parent's
death (Linux, prctl(2) PR_SET_PDEATHSIG), else the read end of a pipe whose write end only the
parent holds. A script of its own, because code between fork and exec is unsafe beside threads.
"""

import ctypes
import os
import select
import sys

PR_SET_PDEATHSIG = 1


def drop_privileges(uid: int, gid: int) -> None:
    """Become an unprivileged user for good."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def guard(server: int, death_signal: int, lifeline: int) -> None:
    """Leave a watcher behind that signals the server when the lifeline closes (no PDEATHSIG)."""
    first = os.fork()
    if first:
        os.waitpid(first, 0)
        return
    if os.fork():
        os._exit(0)  # the watcher is nobody's child, so that the server need not reap it
    os.closerange(0, lifeline)  # the server's lock and log are not the watcher's to hold open
    os.closerange(lifeline + 1, 4096)
    try:
        while not select.select([lifeline], [], [], 1.0)[0]:
            os.kill(server, 0)
        os.kill(server, death_signal)
    except ProcessLookupError:
        pass
    os._exit(0)


def main() -> None:
    """Drop privileges, tie our life to the parent's, become the program."""
    parent, death_signal, uid, gid, lifeline = map(int, sys.argv[1:6])
    program = sys.argv[6:]
    libc = ctypes.CDLL(None, use_errno=True)  # loaded while we may still read it
    if lifeline >= 0:
        guard(os.getpid(), death_signal, lifeline)
        os.close(lifeline)
    if uid >= 0:
        drop_privileges(uid, gid)
    # After the change of user, which clears the setting.
    if lifeline < 0 and libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        sys.exit("the parent ended before the server began")
    os.execv(program[0], program)  # noqa: S606 - arguments are ours; no shell is wanted


if __name__ == "__main__":
    main()
