"""The shell: a round's folder in, a results folder out; clock and files are touched from here only."""

from jixiao.pipeline.blank_forms import BlankRequest, write_blanks
from jixiao.pipeline.checking import CheckResult, check_files
from jixiao.pipeline.evaluation import evaluate
from jixiao.pipeline.publication import Published, publish
from jixiao.pipeline.reading import batches, read_batch
from jixiao.pipeline.replacement import Place, PublicationError, held
from jixiao.pipeline.rounds import RoundFolder, find_rounds, load_round, round_folders
from jixiao.pipeline.runs import run_round
from jixiao.pipeline.sent_files import list_files
from jixiao.pipeline.settings import ConfigurationError
from jixiao.pipeline.words import Acceptance, accept_words
from jixiao.pipeline.written import summary_name

__all__ = [
    "Acceptance",
    "BlankRequest",
    "CheckResult",
    "ConfigurationError",
    "Place",
    "PublicationError",
    "Published",
    "RoundFolder",
    "accept_words",
    "batches",
    "check_files",
    "evaluate",
    "find_rounds",
    "held",
    "list_files",
    "load_round",
    "publish",
    "read_batch",
    "round_folders",
    "run_round",
    "summary_name",
    "write_blanks",
]
