"""Asking many links: some hosts at a time, few requests to each, patience where it is asked for."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date

from docscheck.online.ask import Asking, BusyError, ask
from docscheck.online.cache import Cache
from docscheck.online.collect import hosts
from docscheck.online.result import Link, Result, State


@dataclass(frozen=True)
class Limits:
    """How much is asked of the net."""

    workers: int = 16
    """Requests under way at once."""
    per_host: int = 2
    """Requests to one host at once."""
    interval: float = 0.5
    """Seconds between the beginnings of two requests to one host."""
    patience: float = 120.0
    """The longest wait that is granted to a server that asks for it, in seconds."""
    tries: int = 3
    """How often a busy server is asked about a link."""

    def interval_of(self, host: str) -> float:
        """Return the interval for a host; arXiv asks programs for three seconds."""
        return max(self.interval, 3.0) if host == "arxiv.org" or host.endswith(".arxiv.org") else self.interval


@dataclass
class _Host:
    """What is left to ask of one host, and when it may be asked next."""

    waiting: deque[tuple[Link, int]]
    """Links with the number of tries so far."""
    next_time: float = 0.0
    under_way: int = 0
    queued: bool = True


@dataclass
class Checker:
    """Asks links and remembers what came back."""

    cache: Cache
    asking: Asking = field(default_factory=Asking)
    limits: Limits = field(default_factory=Limits)
    today: date = field(default_factory=date.today)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def check(self, links: Iterable[Link]) -> Iterator[Result]:
        """Yield a result for each link, the remembered ones first, the others as they come in.

        At most `limits.workers` answers are in memory at once, however many links there are.
        """
        to_ask: list[Link] = []
        for link in links:
            known = self.cache.fresh(link, self.today)
            if known:
                yield known
            else:
                to_ask.append(link)
        for result in self._ask_all(to_ask):
            dated = replace(result, checked=self.today.isoformat())
            self.cache.put(dated)
            yield dated

    def _ask_all(self, links: list[Link]) -> Iterator[Result]:
        by_host = {name: _Host(deque((link, 0) for link in found)) for name, found in hosts(links).items()}
        queue = [(0.0, name) for name in by_host]
        heapq.heapify(queue)
        running: dict[Future[Result], tuple[str, Link, int]] = {}
        with ThreadPoolExecutor(self.limits.workers) as pool:
            while queue or running:
                self._start(queue, by_host, running, pool)
                if not running:
                    self.sleep(max(0.0, queue[0][0] - self.clock()))
                    continue
                pause = max(0.01, queue[0][0] - self.clock()) if queue else None
                free = len(running) < self.limits.workers
                done, _ = wait(running, timeout=pause if free else None, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from self._finish(future, running.pop(future), by_host, queue)

    def _start(
        self,
        queue: list[tuple[float, str]],
        by_host: dict[str, _Host],
        running: dict[Future[Result], tuple[str, Link, int]],
        pool: ThreadPoolExecutor,
    ) -> None:
        """Begin what may begin now; a host stands in the queue while it has room and links."""
        while queue and len(running) < self.limits.workers and queue[0][0] <= self.clock():
            _, name = heapq.heappop(queue)
            host = by_host[name]
            host.queued = False
            if host.next_time > self.clock():  # it asked for patience meanwhile
                self._requeue(name, host, queue)
                continue
            link, tries = host.waiting.popleft()
            host.under_way += 1
            host.next_time = self.clock() + self.limits.interval_of(name)
            running[pool.submit(self._ask, link)] = (name, link, tries)
            self._requeue(name, host, queue)

    def _requeue(self, name: str, host: _Host, queue: list[tuple[float, str]]) -> None:
        """Put a host into the queue when it has links, has room for a request, and is not there yet."""
        if host.waiting and host.under_way < self.limits.per_host and not host.queued:
            heapq.heappush(queue, (host.next_time, name))
            host.queued = True

    def _ask(self, link: Link) -> Result:
        known = self.cache.get(link.url)
        etag = known.etag if known and known.state is State.OK and known.title == link.title else ""
        return ask(link, self.asking, etag=etag)

    def _finish(
        self,
        future: Future[Result],
        asked: tuple[str, Link, int],
        by_host: dict[str, _Host],
        queue: list[tuple[float, str]],
    ) -> Iterator[Result]:
        name, link, tries = asked
        host = by_host[name]
        host.under_way -= 1
        try:
            yield future.result()
        except BusyError as error:
            if tries + 1 < self.limits.tries and error.seconds <= self.limits.patience:
                host.next_time = max(host.next_time, self.clock() + error.seconds)
                host.waiting.append((link, tries + 1))
            else:
                yield Result(link.url, State.BUSY, str(error))
        self._requeue(name, host, queue)
