"""jixiao（绩效）: reads, audits, scores and consolidates budget-performance self-evaluations."""
