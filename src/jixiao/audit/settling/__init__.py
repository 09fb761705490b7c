"""What a finding comes to: its severity, its cause, the figures that mend it."""
