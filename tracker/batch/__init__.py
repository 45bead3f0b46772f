"""Many videos, on one machine or many.

from tracker.batch import Job, run

outcomes = run([Job.of("a.mp4", (120, 80, 40, 60)), ...], out="results")
"""

from tracker.batch.backends import Dask, Engine, Local
from tracker.batch.jobs import Job
from tracker.batch.record import Outcome, Status
from tracker.batch.runner import run
from tracker.session.targets import Target

__all__ = ["Dask", "Engine", "Job", "Local", "Outcome", "Status", "Target", "run"]
