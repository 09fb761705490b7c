"""What an IT person deploys: prefect.yaml at the root names `flows/consolidate.py:consolidate`.

The flow works off the rounds below `inputs`, one after the other, in three tasks, each tried again where a
drive or an open file was in the way:

`read_files`（读取报送文件）
    reads the files of a round that are new or changed, side by side.
`evaluate_departments`（审核、评分）
    evaluates the departments of which anything changed, side by side, each behind a guard.
`conclude_round`（汇总并输出）
    puts the departments together and swaps the results in, or leaves the old ones.

A round that fails does not stop the others; the run then ends as failed and names it. The source stands in
`jixiao.service.flow`, so that `jixiao run` and `jixiao serve` of an installed wheel run the very same flow.
"""

from jixiao.service.flow import conclude_round, consolidate, evaluate_departments, read_files

__all__ = ["conclude_round", "consolidate", "evaluate_departments", "read_files"]
