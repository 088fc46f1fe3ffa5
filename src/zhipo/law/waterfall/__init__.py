"""Who is paid, in which order, how much (《企业破产法》 arts. 38, 41-43, 109-123)."""

from datetime import date

IN_FORCE = date(2007, 6, 1)
MINUTES_2018 = date(2018, 3, 4)
"""全国法院破产审判工作会议纪要, 法〔2018〕53号."""
