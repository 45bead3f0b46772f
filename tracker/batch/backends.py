"""Where the work is done: processes of this machine, or a Dask cluster. Both by joblib; nothing is scheduled here."""

from __future__ import annotations

import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tracker import __version__
from tracker.batch.record import Outcome
from tracker.batch.worker import Task, work
from tracker.errors import ConfigError

_AHEAD = "2*n_jobs"
"""Tasks handed out ahead of the workers, so that memory does not grow with the number of videos."""


_TIMEOUT = 30
"""Seconds to wait for a scheduler and for a first worker."""


class Engine(ABC):
    """Does tasks in any order."""

    @abstractmethod
    def do(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Yield an outcome for every task, as they come.

        Raises:
            ConfigError: the workers cannot be reached or used.
        """


@dataclass(frozen=True, slots=True)
class Local(Engine):
    """Processes of this machine.

    Attributes:
        processes: how many side by side; 1 is this process, None as many as there are processors.
    """

    processes: int | None = None

    def do(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Yield an outcome for every task; a process that dies costs the video it worked on, no other.

        Raises:
            ConfigError: the number of processes is below 1.
        """
        from joblib import cpu_count
        from joblib.externals.loky.process_executor import BrokenProcessPool

        if self.processes is not None and self.processes < 1:
            raise ConfigError(f"{self.processes} processes are not possible: give 1 or more")
        processes = self.processes or cpu_count()
        waiting = {task.name: task for task in tasks}
        while waiting:
            # One that dies takes the pool with it: whose fault it was shows when those that were at work run alone.
            suspects = [task for task in waiting.values() if task.mark.exists()]
            batch, count = (suspects[:1], max(processes, 2)) if suspects else (list(waiting.values()), processes)
            try:
                for name, outcome in _parallel(batch, n_jobs=count):
                    del waiting[name]
                    yield outcome
            except BrokenProcessPool:
                continue


@dataclass(frozen=True, slots=True)
class Dask(Engine):
    """A Dask cluster; its workers need this package, and one thread each.

    Attributes:
        address: of its scheduler, as tcp://host:8786.
    """

    address: str

    def do(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Yield an outcome for every task; Dask does what a dead worker had again.

        Raises:
            ConfigError: Dask is not installed, the scheduler does not answer, or its workers lack this package.
        """
        from joblib import parallel_config

        with self._client(), parallel_config(backend="dask", wait_for_workers_timeout=_TIMEOUT):
            for _, outcome in _parallel(tasks, n_jobs=-1):
                yield outcome

    @contextmanager
    def _client(self) -> Iterator[None]:
        try:
            from distributed import Client
        except ImportError as error:
            raise ConfigError(f"a cluster needs Dask ({error}): pip install 'meanshift-tracker[dask]'") from error
        try:
            client = Client(self.address, timeout=_TIMEOUT)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TypeError) as error:
            raise ConfigError(
                f"no Dask scheduler answers at {self.address}: start one, or check the address"
            ) from error
        with client:
            try:
                versions = set(client.run(_version).values())
            except Exception as error:  # whatever importing raises over there
                raise ConfigError(
                    f"the workers of {self.address} cannot load this package ({error}): install it there"
                ) from error
            if versions - {__version__}:
                raise ConfigError(
                    f"the workers of {self.address} have version {', '.join(sorted(versions))}, this is {__version__}: "
                    "install the same everywhere"
                )
            yield


def _parallel(tasks: Sequence[Task], *, n_jobs: int) -> Iterator[tuple[str, Outcome]]:
    from joblib import Parallel, delayed

    run = Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1, pre_dispatch=_AHEAD)
    with _interrupts_ignored():
        outcomes = run(delayed(_named)(task) for task in tasks)
    yield from outcomes


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C within the block, and for ever in the processes that are started in it.

    A terminal sends it to all of them, but it is for the one that started them: that one ends the others.
    """
    if threading.current_thread() is not threading.main_thread():  # where no signal ever arrives
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _named(task: Task) -> tuple[str, Outcome]:
    return task.name, work(task)


def _version() -> str:
    return __version__
