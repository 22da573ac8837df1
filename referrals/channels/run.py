"""What one run of sending learns about the channels, so that it does not ask each message the same question; and
hands messages over, several at once where the channel is slow and takes that well."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Self

from celery.exceptions import SoftTimeLimitExceeded

from referrals.channels.base import Channel, HeldUp, Message, NotReached

SILENCES = 3
"""So many messages without an answer, 15 seconds each, and the rest waits for the next run."""
Answer = Exception | None
"""None: the channel took the message."""


@dataclass
class Run:
    """`closed`: channel → why it takes nothing now. `stop_at`: by the clock that never jumps."""

    drivers: Callable[[str], Channel]
    stop_at: float
    lease: timedelta
    closed: dict[str, str] = field(default_factory=dict)
    silences: int = 0
    _together: int = 1
    _pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool:
            self._pool.shutdown()

    def is_over(self) -> bool:
        """No time is left, or the line is dead: each message more would cost a whole time-out."""
        return monotonic() >= self.stop_at or self.silences >= SILENCES

    def takes_no_more(self, channel: str) -> bool:
        return self.is_over() or channel in self.closed

    def at_once(self, channel: Channel) -> int:
        """How many to hand over together now. The first goes alone, and after each that was taken it is twice as
        many as before: of a key that is wrong, or a line that is dead, one message is enough to hear."""
        return min(self._together, getattr(channel, "at_once", 1))

    def hand_over(self, channel: Channel, some: Sequence[Message]) -> list[Answer]:
        """What the channel said to each. Only `send` runs beside others: nothing is written down there."""
        if len(some) > 1:
            self._pool = self._pool or ThreadPoolExecutor(max_workers=getattr(channel, "at_once", 1))
            trying = [self._pool.submit(copy_context().run, _answer, channel, message) for message in some]
            answers = [one.result() for one in trying]
        else:
            answers = [_answer(channel, message) for message in some]
        for message, answer in zip(some, answers, strict=True):
            self._learn(message.channel, answer)
        return answers

    def _learn(self, channel: str, answer: Answer) -> None:
        self._together = self._together * 2 if answer is None else 1
        if isinstance(answer, NotReached):
            self.silences += 1
        elif isinstance(answer, HeldUp) and answer.for_all:
            self.closed[channel] = answer.code


def _answer(channel: Channel, message: Message) -> Answer:
    try:
        channel.send(message)
    except SoftTimeLimitExceeded:
        raise  # the lease will end, and the channel be asked
    except Exception as error:
        return error
    return None
