"""Checkout: the version of a document that states none, from the git repository its folder is checked out of.

Only three commands that read are run, `rev-parse`, `ls-tree` and `log`. `git status` is not among them: it may run the
filters a repository configures. A file is compared with its committed blob by hash instead.
"""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import which

_SECONDS = 20.0
_COMMITS = 50_000
# Nothing of the repository's own configuration may start a program: no hooks, no pager, no signature check.
_SAFE = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "log.showSignature=false",
    "protocol.allow=never", "diff.external=", "core.quotePath=false",
)  # fmt: skip


@dataclass(frozen=True)
class Committed:
    """The last commit that touched a file; `changed` where the file is not as committed, or not committed at all."""

    commit: str
    day: date
    changed: bool

    @property
    def version(self) -> str:
        """`3f2a91c`, or `3f2a91c+changed`."""
        return f"{self.commit}+changed" if self.changed else self.commit


@dataclass(frozen=True)
class Checkout:
    """What git says of a folder: by path the blob's hash and the last commit; `head` is the newest of all.

    `note` says why nothing is known where the folder is in a repository.
    """

    blobs: dict[str, str]
    commits: dict[str, tuple[str, date]]
    head: tuple[str, date] | None
    note: str = ""

    def of(self, path: str, raw: bytes) -> Committed | None:
        """The version of a file; None where the folder is no checkout."""
        if self.head is None:
            return None
        commit, day = self.commits.get(path, self.head)
        blob = self.blobs.get(path)
        return Committed(commit, day, blob is None or blob not in _hashes(raw, len(blob)))


def checkout(folder: Path) -> Checkout:
    """Ask git about a folder; one that is no checkout, or holds no committed file, has no head."""
    nothing = Checkout({}, {}, None)
    if not any((place / ".git").exists() for place in (folder, *folder.parents)):
        return nothing
    git = which("git")
    if git is None:
        return Checkout({}, {}, None, "git is not installed, so documents without a version of their own have none")
    try:
        listed = _run(git, folder, "ls-tree", "-r", "-z", "HEAD")
        if not listed:
            return nothing
        blobs = {}
        for entry in listed.split("\0"):
            kind, _, path = entry.partition("\t")
            if path:
                blobs[path] = kind.split()[-1]
        logged = _run(
            git, folder, "log", f"--max-count={_COMMITS}", "-c", "-z", "--name-only", "--relative", "--no-renames",
            "--no-ext-diff", "--no-textconv", "--format=%x01%h%x01%cs", "HEAD", "--", ".",
        )  # fmt: skip
        commits: dict[str, tuple[str, date]] = {}
        head: tuple[str, date] | None = None
        current: tuple[str, date] | None = None
        for token in logged.split("\0"):
            token = token.removeprefix("\n")
            if token.startswith("\x01"):
                _, commit, day = token.split("\x01")
                current = (commit, date.fromisoformat(day.strip()))
                head = head or current
            elif token and current:
                commits.setdefault(token, current)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        why = "took too long" if isinstance(problem, subprocess.TimeoutExpired) else str(problem)
        why = " ".join(why.split())[:160]
        return Checkout(
            {},
            {},
            None,
            f"git cannot read the repository ({why}), so documents without a version of their own have none",
        )
    return Checkout(blobs, commits, head)


def _run(git: str, folder: Path, *arguments: str) -> str:
    settings = [part for setting in _SAFE for part in ("-c", setting)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603  (fixed arguments; the folder is the working directory, never an argument)
        [git, "--no-pager", *settings, *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").partition("\n")[0] or f"exit code {done.returncode}")
    return done.stdout.decode(errors="surrogateescape")


def _hashes(raw: bytes, length: int) -> set[str]:
    """The blob hashes a file may have: as it is, and with the line ends git stores where it converts them."""
    algorithm = "sha256" if length == 64 else "sha1"
    both = (raw, raw.replace(b"\r\n", b"\n"))
    return {hashlib.new(algorithm, b"blob %d\0" % len(one) + one, usedforsecurity=False).hexdigest() for one in both}
