"""The shell: a round's folder in, a results folder out; clock and files are touched from here only."""

from jixiao.pipeline.blank_forms import BlankRequest, Blanks, NewRound, begin_round, write_blanks
from jixiao.pipeline.checking import CheckResult, check_files
from jixiao.pipeline.departments import Made
from jixiao.pipeline.errands import Means
from jixiao.pipeline.manifest import MANIFEST, summary_name
from jixiao.pipeline.memory import FILE as MEMORY_FILE
from jixiao.pipeline.memory import Memory, passing_memory
from jixiao.pipeline.publication import Published, publish
from jixiao.pipeline.replacement import BusyError, Place, PublicationError, held, is_held
from jixiao.pipeline.rounds import RoundFolder, find_rounds, load_round, round_folders
from jixiao.pipeline.runs import (
    Steps,
    Worked,
    divide_round,
    evaluate_one,
    evaluate_round,
    read_round_ahead,
    run_round,
)
from jixiao.pipeline.sent_files import list_files
from jixiao.pipeline.settings import NOTIFY_BRIEF, NOTIFY_FULL, NOTIFY_OFF, ConfigurationError
from jixiao.pipeline.words import Acceptance, accept_words

__all__ = [
    "MANIFEST",
    "MEMORY_FILE",
    "NOTIFY_BRIEF",
    "NOTIFY_FULL",
    "NOTIFY_OFF",
    "Acceptance",
    "BlankRequest",
    "Blanks",
    "BusyError",
    "CheckResult",
    "ConfigurationError",
    "Made",
    "Means",
    "Memory",
    "NewRound",
    "Place",
    "PublicationError",
    "Published",
    "RoundFolder",
    "Steps",
    "Worked",
    "accept_words",
    "begin_round",
    "check_files",
    "divide_round",
    "evaluate_one",
    "evaluate_round",
    "find_rounds",
    "held",
    "is_held",
    "list_files",
    "load_round",
    "passing_memory",
    "publish",
    "read_round_ahead",
    "round_folders",
    "run_round",
    "summary_name",
    "write_blanks",
]
