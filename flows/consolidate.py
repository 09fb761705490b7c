"""What an IT person deploys: prefect.yaml at the root names `flows/consolidate.py:consolidate`.

The flow works off the rounds below `inputs`, one after the other, in two kinds of task:

`read_files`（读取一批文件）
    reads a batch of files, batches side by side; tried again where a drive or an open file was in the way.
`conclude_round`（审核、评分并输出）
    evaluates all that was read of a round and swaps its results in, or leaves the old ones.

A round that fails does not stop the others; the run then ends as failed and names it. The source stands in
`jixiao.service.flow`, so that `jixiao run` and `jixiao serve` of an installed wheel run the very same flow.
"""

from jixiao.service.flow import conclude_round, consolidate, read_files

__all__ = ["conclude_round", "consolidate", "read_files"]
